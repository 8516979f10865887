package dev.switchback.steps.endpoints;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.spec.EndpointFile;
import dev.switchback.spec.Migration.Place;
import dev.switchback.spec.Migration.WriterRef;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.Stops;
import dev.switchback.steps.World;
import dev.switchback.workload.EndpointFiles;
import dev.switchback.workload.WriterEnvironment.Variable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every place where a writer learns its database exists, names a Service of the map and can be
 * changed; and whatever in a writer's environment names the source comes from one of these places.
 */
public final class CheckEndpoints extends Check {
    private static final String STOPPED = "found out during the cutover it costs the cutover";

    public CheckEndpoints(World world) {
        super(world, Chapter.APPLICATION, "check-endpoints", "Find every endpoint of the document");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws InterruptedException {
        List<Problem> missing = world.endpoints().missing();
        missing.forEach(findings::fail);
        EndpointFiles files = world.endpointFiles();
        List<Problem> broken = files.problems();
        broken.forEach(findings::fail);
        if (broken.isEmpty()) {
            rehearse(context, findings, files);
        }
        boolean placesReadable = missing.isEmpty() && broken.isEmpty();
        for (WriterRef ref : world.writers().refs()) {
            writer(ref, placesReadable, findings);
        }
        if (placesReadable) {
            int changes = world.endpoints().pending().size() + files.pending().size();
            findings.saw("changes", String.valueOf(changes));
        }
    }

    private void rehearse(StepContext context, Findings findings, EndpointFiles files)
            throws InterruptedException {
        Set<List<String>> seen = new HashSet<>();
        for (EndpointFile file : files.all()) {
            if (file.merged()) {
                findings.warn(
                        new Problem(
                                Code.MERGE_AWAITED,
                                file.path(),
                                "has no apply command: while the service is stopped the run waits up to "
                                        + world.migration().budgets().merge().toSeconds()
                                        + " s (budgets.merge) until your merge has reached the cluster,"
                                        + " and puts everything back when it has not",
                                "prepare the commit before, and see that nothing merges it early: "
                                        + changes(file, files),
                                "the writers must not start on the target before it is open, nor on"
                                        + " the source once it is fenced"));
            } else if (seen.add(file.apply())) {
                Optional<Problem> refused = world.apply().rehearse(file, new Stops(context));
                refused.ifPresent(p ->
                        findings.fail(
                                new Problem(p.code(), p.object(), p.what(), p.remedy(), STOPPED)));
                rights(file, findings);
            }
        }
    }

    /** A dry run of manifests that are in force changes nothing, so it asks for no right either. */
    private void rights(EndpointFile file, Findings findings) {
        if (!file.apply().getFirst().endsWith("kubectl")) {
            return; // it may act as somebody else
        }
        Set<String> asked = new HashSet<>();
        for (WriterRef ref : world.writers().refs()) {
            Kind kind =
                    switch (ref.kind()) {
                        case DEPLOYMENT -> Kind.DEPLOYMENT;
                        case STATEFULSET -> Kind.STATEFUL_SET;
                        case CRONJOB -> Kind.CRON_JOB;
                    };
            if (asked.add(kind.plural() + " " + ref.namespace())
                    && !world.kube()
                            .allowed("patch", kind.group(), kind.plural(), "", ref.namespace())) {
                findings.fail(
                        new Problem(
                                Code.KUBE_FORBIDDEN,
                                ref.namespace() + " " + kind.plural(),
                                "we may not patch "
                                        + kind.plural()
                                        + ", which '"
                                        + String.join(" ", file.apply())
                                        + "' needs",
                                "grant patch of "
                                        + kind.plural()
                                        + " beside the Role that 'switchback init --role' prints",
                                STOPPED));
            }
        }
    }

    private static String changes(EndpointFile file, EndpointFiles files) {
        return String.join(
                ", ",
                files.pending().stream()
                        .filter(c -> c.file().equals(file))
                        .map(c -> c.key() + ": " + c.before() + " -> " + c.after())
                        .toList());
    }

    private void writer(WriterRef ref, boolean placesReadable, Findings findings) {
        KubeObject object;
        try {
            object = world.writers().object(ref);
        } catch (SwitchbackException e) {
            if (e.code() == Code.KUBE_NOT_FOUND) {
                return; // check-writers tells it
            }
            throw e;
        }
        for (String missing : world.writerEnvironment().unresolved(ref, object)) {
            findings.fail(
                    new Problem(
                            Code.WRITER_ENVIRONMENT,
                            ref.toString(),
                            missing,
                            "create it, or correct the writer's manifest: kubectl -n "
                                    + ref.namespace()
                                    + " describe "
                                    + ref,
                            "a pod that runs has read it at its start; the next one does not start"));
        }
        if (!placesReadable) {
            return;
        }
        for (Variable variable : world.writerEnvironment().variables(ref, object)) {
            Set<String> old = world.endpointNames().namesIn(variable.value().reveal());
            if (!old.isEmpty() && !covered(ref, variable)) {
                findings.block(
                        new Problem(
                                Code.ENDPOINT_NOT_COVERED,
                                ref + " " + variable.name(),
                                "names "
                                        + String.join(", ", old)
                                        + " and comes from "
                                        + origin(variable)
                                        + ", which nothing in spec.endpoints.in changes",
                                "name it in spec.endpoints.in; for a file, apply first what is pending"
                                        + " in it",
                                "the writer would go on using the source, which is fenced"));
            }
        }
    }

    private boolean covered(WriterRef ref, Variable variable) {
        boolean object =
                world.migration().endpoints().in().stream()
                        .anyMatch(place ->
                                variable.from().filter(kind(place)::equals).isPresent()
                                        && place.namespace().equals(ref.namespace())
                                        && place.name().equals(variable.object())
                                        && (place.keys().isEmpty()
                                                || place.keys().contains(variable.key())));
        return object
                || (variable.from().isPresent()
                        && world.endpointFiles().gives(variable.key(), variable.value().reveal()));
    }

    private static Kind kind(Place place) {
        return place.kind() == Place.Kind.CONFIG_MAP ? Kind.CONFIG_MAP : Kind.SECRET;
    }

    private static String origin(Variable variable) {
        return variable.from()
                .map(kind -> kind.kind() + "/" + variable.object() + " " + variable.key())
                .orElse("its own manifest");
    }
}
