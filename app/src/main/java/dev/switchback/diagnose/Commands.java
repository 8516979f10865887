package dev.switchback.diagnose;

import dev.switchback.pg.Sql;

/** Commands as a person types them, for the clusters of this migration. */
final class Commands {
    private Commands() {}

    /** A statement on the primary of a side. */
    static String psql(Evidence evidence, String side, String database, String sql) {
        Situation situation = evidence.situation();
        String quoted =
                "\"" + sql.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
        if (side.equals("source")) {
            return "kubectl exec"
                    + situation.inSource()
                    + " $(kubectl get pod"
                    + situation.inSource()
                    + " -l cluster-name="
                    + situation.migration().source().cluster()
                    + ",spilo-role=master -o name) -c postgres -- psql -U postgres -d "
                    + database
                    + " -c "
                    + quoted;
        }
        return "kubectl exec"
                + situation.inTarget()
                + " $(kubectl get pod"
                + situation.inTarget()
                + " -l cnpg.io/cluster="
                + situation.migration().target().cluster()
                + ",cnpg.io/instanceRole=primary -o name) -c postgres -- psql -U postgres -d "
                + database
                + " -c "
                + quoted;
    }

    static String identifier(String name) {
        return Sql.identifier(name);
    }

    static String describeTarget(Evidence evidence) {
        return "kubectl describe cluster "
                + evidence.situation().migration().target().cluster()
                + evidence.situation().inTarget();
    }

    static String describeSource(Evidence evidence) {
        return "kubectl describe postgresql "
                + evidence.situation().migration().source().cluster()
                + evidence.situation().inSource();
    }

    /** Merges into the Cluster's spec. */
    static String patchTarget(Evidence evidence, String spec) {
        return "kubectl patch cluster "
                + evidence.situation().migration().target().cluster()
                + evidence.situation().inTarget()
                + " --type merge -p '{\"spec\":"
                + spec
                + "}'";
    }
}
