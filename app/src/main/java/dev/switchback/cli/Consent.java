package dev.switchback.cli;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.runbook.Stage;
import dev.switchback.spec.EndpointFile;

/**
 * A cutover stops the service: a person says so, or {@code --yes} does.
 *
 * @param command who asks, for messages
 * @param needed false when it was given on the command line, or the service is not stopped
 */
record Consent(String command, boolean needed) {

    /** Told before anything is looked at. */
    void requireSomeoneToAsk() {
        if (needed && !Terminal.interactive()) {
            throw new SwitchbackException(
                    Code.USAGE,
                    command,
                    "this stops the service, and there is no terminal to ask on",
                    "pass --yes");
        }
    }

    /**
     * @param when empty, or when the service will be stopped
     */
    void confirm(Stage stage, String when) {
        if (!needed) {
            return;
        }
        String name = stage.migration().target().cluster();
        boolean merge =
                stage.migration().endpoints().files().stream().anyMatch(EndpointFile::merged);
        String typed =
                Terminal.ask(
                        "This stops "
                                + String.join(", ", stage.world().writers().settings().keySet())
                                + when
                                + " and switches them to "
                                + name
                                + (merge
                                        ? ". While it is stopped it waits up to "
                                                + stage.migration().budgets().merge().toSeconds()
                                                + " s for you to merge what it writes into the files"
                                        : "")
                                + ". Type '"
                                + name
                                + "' to go on: ");
        if (typed == null || !typed.equals(name)) {
            throw new SwitchbackException(
                    Code.USAGE, command, "not confirmed", "nothing was changed");
        }
    }
}
