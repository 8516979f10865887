package dev.switchback.steps.access;

import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.kube.Access;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Every Kubernetes verb by access review, every SQL privilege by the catalog; nothing is written.
 */
public final class CheckAccess extends Check {
    public CheckAccess(World world) {
        super(
                world,
                Chapter.ACCESS,
                "check-access",
                "Check our rights in Kubernetes and on the source");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        Set<String> namespaces = new LinkedHashSet<>();
        namespaces.add(world.migration().namespace());
        namespaces.add(world.migration().source().namespace());
        world.writers().refs().forEach(ref -> namespaces.add(ref.namespace()));
        for (String namespace : namespaces) {
            Access.missing(world.kube(), namespace).forEach(findings::fail);
        }
        if (world.kube() != world.targetKube()
                || !namespaces.contains(world.target().namespace())) {
            Access.missing(world.targetKube(), world.target().namespace()).forEach(findings::fail);
        }
        findings.saw("namespaces", String.join(",", namespaces));
        try (Connection source = Pg.open(world.source("postgres", id()))) {
            if (!Sql.one(source, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                    .equals("t")) {
                findings.fail(
                        new Problem(
                                Code.PG_PRIVILEGE,
                                world.source().display(),
                                "role "
                                        + Sql.one(source, "SELECT current_user")
                                        + " is not a superuser",
                                "restore SUPERUSER of the operator's superuser role",
                                "it can neither read password verifiers nor fence every table"));
            }
        }
    }
}
