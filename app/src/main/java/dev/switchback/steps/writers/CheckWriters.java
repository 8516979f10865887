package dev.switchback.steps.writers;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.workload.EndpointNames;
import dev.switchback.workload.References;
import dev.switchback.workload.References.Reference;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Every declared writer exists, and everything else in their namespaces that names the source is
 * declared too.
 */
public final class CheckWriters extends Check {
    public CheckWriters(World world) {
        super(world, Chapter.APPLICATION, "check-writers", "Find every writer, declared or not");
    }

    @Override
    protected void look(StepContext context, Findings findings) {
        boolean all = true;
        for (WriterRef ref : world.writers().refs()) {
            try {
                world.writers().object(ref);
            } catch (SwitchbackException e) {
                e.problems().forEach(findings::fail);
                all = false;
            }
        }
        if (all) {
            findings.saw("writers", String.join(", ", world.writers().settings().keySet()));
        }
        Set<String> namespaces = new LinkedHashSet<>();
        namespaces.add(world.migration().source().namespace());
        world.writers().refs().forEach(ref -> namespaces.add(ref.namespace()));
        References references = new References(world.kube(), names());
        for (String namespace : namespaces) {
            references.in(namespace).forEach(reference -> judge(reference, findings));
        }
    }

    private void judge(Reference reference, Findings findings) {
        String object = reference.namespace() + "/" + reference.workload();
        if (reference.kind() == Kind.JOB) {
            if (reference.active()) {
                findings.block(
                        new Problem(
                                Code.JOB_RUNNING,
                                object,
                                "runs now and names the source (" + reference.where() + ")",
                                "let it end: kubectl wait --for=condition=complete -n "
                                        + reference.namespace()
                                        + " "
                                        + reference.workload(),
                                "a Job cannot be stopped and started again as it was; the fence would"
                                        + " cut it in the middle"));
            }
            return;
        }
        boolean declared =
                world.writers().refs().stream()
                        .anyMatch(ref ->
                                ref.toString().equals(reference.workload())
                                        && ref.namespace().equals(reference.namespace()));
        if (declared) {
            return;
        }
        Problem problem =
                new Problem(
                        Code.WRITER_UNDECLARED,
                        object,
                        "names the source ("
                                + reference.where()
                                + ") and is no writer of the document",
                        "add "
                                + reference.workload()
                                + " to spec.writers, or accept it in spec.overrides if it can live"
                                + " without its database",
                        "it would not be stopped: its writes are refused during the cutover, and"
                                + " afterwards it still asks the old cluster");
        if (reference.active()) {
            findings.block(problem);
        } else {
            findings.warn(problem);
        }
    }

    /** The map's names and the Services that the operator makes for the source. */
    private EndpointNames names() {
        String cluster = world.source().name();
        Map<String, String> map = new LinkedHashMap<>(world.migration().endpoints().map());
        for (String suffix : new String[] {"", "-repl", "-pooler", "-pooler-repl"}) {
            map.putIfAbsent(cluster + suffix, "");
        }
        return new EndpointNames(
                map,
                world.migration().source().namespace(),
                world.migration().target().namespace());
    }
}
