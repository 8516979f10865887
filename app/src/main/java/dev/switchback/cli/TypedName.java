package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What gives up the way back wants the source cluster's name, typed or on the command line.
 *
 * @param command who asks, for messages
 * @param confirm the name as given on the command line; null asks on the terminal
 */
record TypedName(String command, @Nullable String confirm) {

    /**
     * @param consequence a sentence for the person who is asked
     * @throws SwitchbackException USAGE without a terminal to ask on, or when it is another name
     */
    void require(Stage stage, String consequence) {
        String name = stage.migration().source().cluster();
        if (confirm == null && !Terminal.interactive()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    command,
                    "this gives up the way back to "
                            + name
                            + ", and there is no terminal to ask on",
                    "pass --confirm " + name);
        }
        String typed =
                confirm != null
                        ? confirm
                        : Terminal.ask(consequence + " Type '" + name + "' to go on: ");
        if (!name.equals(typed)) {
            throw new SwitchbackException(
                    Code.USAGE,
                    command,
                    "not confirmed: the source cluster is called " + name,
                    "nothing was changed");
        }
    }
}
