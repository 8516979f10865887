package dev.switchback.notify;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.spec.Announce.Destination;
import dev.switchback.spec.Hook;
import dev.switchback.spec.HttpCall;
import dev.switchback.spec.Migration;
import dev.switchback.workload.Child;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether everybody could be told: Secrets, host names, programs. Nothing is sent or called. */
public final class Readiness {
    private final Courier courier;

    /**
     * @param kube where the Secrets of the document are
     */
    public Readiness(Migration migration, Kube kube) {
        this.courier = new Courier(kube, migration.namespace());
    }

    /** What is in the way of a destination. */
    public Optional<Problem> of(Destination to) {
        return call(to.call(), Code.CANNOT_ANNOUNCE, "spec." + to.name());
    }

    /** What is in the way of a hook. */
    public Optional<Problem> of(Hook hook) {
        String object = "spec." + hook.name();
        if (hook.http().isPresent()) {
            return call(hook.http().get(), Code.CANNOT_CALL_HOOK, object);
        }
        String program = hook.command().orElseThrow().getFirst();
        return Child.isExecutable(program, hook.folder())
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                Code.CANNOT_CALL_HOOK,
                                object,
                                "there is no program '" + program + "' here that we may run",
                                "install it, make it executable, or correct the document"));
    }

    private Optional<Problem> call(HttpCall call, Code code, String object) {
        try {
            String host = courier.host(call, code, object);
            try {
                InetAddress.getByName(host);
                return Optional.empty();
            } catch (UnknownHostException e) {
                return Optional.of(
                        new Problem(
                                code,
                                object,
                                "its host name cannot be resolved from here",
                                "correct the URL in " + call.url().place()));
            }
        } catch (SwitchbackException e) {
            return Optional.of(e.problem());
        }
    }
}
