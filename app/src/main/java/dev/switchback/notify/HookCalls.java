package dev.switchback.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Stopper;
import dev.switchback.spec.Hook;
import dev.switchback.spec.HttpCall;
import dev.switchback.spec.Placeholder;
import dev.switchback.workload.ApplyCommand;
import dev.switchback.workload.Child;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Calls hooks: a command with the situation in its environment, or an HTTP request with it. */
final class HookCalls {
    private final Courier courier;
    private final ApplyCommand apply;

    /**
     * @param apply knows how a child reaches the API server that we use
     */
    HookCalls(Courier courier, ApplyCommand apply) {
        this.courier = courier;
        this.apply = apply;
    }

    /**
     * @param says gets the first lines that a command prints
     * @return how it went: {@code ended with 0}
     * @throws SwitchbackException HOOK_FAILED
     * @throws InterruptedException when stopped; a command is gone then
     */
    String call(Hook hook, Situation at, Consumer<String> says, Stopper stopper)
            throws InterruptedException {
        stopper.checkpoint();
        if (hook.http().isPresent()) {
            return request(hook, hook.http().get(), Bodies.hook(at));
        }
        return command(hook, hook.command().orElseThrow(), at, says, stopper);
    }

    private String request(Hook hook, HttpCall call, ObjectNode body) throws InterruptedException {
        return courier.deliver(
                call, body.toString(), hook.timeout(), 0, Code.HOOK_FAILED, object(hook));
    }

    private String command(
            Hook hook, List<String> command, Situation at, Consumer<String> says, Stopper stopper)
            throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(hook.folder().toFile());
        try {
            environment(builder.environment(), at);
            Child.End end = Child.run(builder, hook.timeout(), says, List.of(), stopper);
            if (end.exit().isEmpty()) {
                throw failed(
                        hook,
                        "took longer than "
                                + hook.timeout().toMillis() / 1000.0
                                + " s"
                                + end.words());
            }
            if (end.exit().getAsInt() != 0) {
                throw failed(hook, "ended with " + end.exit().getAsInt() + end.words());
            }
            return "ended with 0";
        } catch (IOException e) {
            throw failed(hook, "cannot be started: " + e.getMessage());
        }
    }

    /** Nothing of ours but what is documented: no variable of this process is handed on. */
    private void environment(Map<String, String> environment, Situation at) throws IOException {
        environment.clear();
        for (String kept : List.of("PATH", "HOME")) {
            String value = System.getenv(kept);
            if (value != null) {
                environment.put(kept, value);
            }
        }
        apply.kubeconfig().ifPresent(files -> environment.put("KUBECONFIG", files));
        for (Map.Entry<Placeholder, String> word : at.words().entrySet()) {
            environment.put(word.getKey().variable(), word.getValue().replace('\0', ' '));
        }
    }

    private static SwitchbackException failed(Hook hook, String what) {
        return new SwitchbackException(
                Code.HOOK_FAILED,
                object(hook),
                what,
                "mend what it says and run the same command again");
    }

    /** {@code hooks[0] before-cutover}. */
    static String object(Hook hook) {
        return hook.name() + " " + hook.at().word();
    }
}
