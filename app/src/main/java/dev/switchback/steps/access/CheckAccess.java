package dev.switchback.steps.access;

import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Access;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every Kubernetes verb by access review, every SQL privilege by the catalog; nothing is written.
 */
public final class CheckAccess implements Step {
    private final World world;

    public CheckAccess(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "check-access";
    }

    @Override
    public String title() {
        return "Check our rights in Kubernetes and on the source";
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        List<Problem> problems = new ArrayList<>();
        Set<String> namespaces = new LinkedHashSet<>();
        namespaces.add(world.migration().namespace());
        namespaces.add(world.migration().source().namespace());
        for (String namespace : namespaces) {
            problems.addAll(Access.missing(world.kube(), namespace));
        }
        if (world.kube() != world.targetKube()
                || !namespaces.contains(world.target().namespace())) {
            problems.addAll(Access.missing(world.targetKube(), world.target().namespace()));
        }
        if (!problems.isEmpty()) {
            return new Observation.Impossible(problems);
        }
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            if (!Sql.one(source, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                    .equals("t")) {
                return Observation.impossible(
                        new Problem(
                                Code.PG_PRIVILEGE,
                                world.source().display(),
                                "role "
                                        + Sql.one(source, "SELECT current_user")
                                        + " is not a superuser, so it can"
                                        + " neither read password verifiers nor fence every table",
                                "restore SUPERUSER of the operator's superuser role"));
            }
        }
        return Observation.done("namespaces", String.join(",", namespaces));
    }

    @Override
    public boolean acts() {
        return false;
    }
}
