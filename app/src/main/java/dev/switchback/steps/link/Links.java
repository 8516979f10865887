package dev.switchback.steps.link;

import dev.switchback.fence.Fence;
import dev.switchback.link.Direction;
import dev.switchback.link.Fenced;
import dev.switchback.link.Link;
import dev.switchback.link.LinkNames;
import dev.switchback.link.ReplicationRole;
import dev.switchback.pg.Secret;
import dev.switchback.steps.World;
import java.util.List;

/** The migration's links, one a database and direction, with logins and addresses of both sides. */
public final class Links {
    /** Under which name the replication role's password is kept among the captured values. */
    private static final String PASSWORD = "link-password";

    private static final int PORT = 5432;

    /** For a side that may be fenced. */
    static final Fenced FENCED = Fence::past;

    private final World world;
    private final String uid;
    private final String step;

    /**
     * @param migrationUid the journal's, from which every name comes
     * @param step for the sessions' names
     */
    public Links(World world, String migrationUid, String step) {
        this.world = world;
        this.uid = migrationUid;
        this.step = step;
    }

    public LinkNames names() {
        return LinkNames.of(uid);
    }

    public Link forward(String database) {
        return new Link(
                names(),
                Direction.FORWARD,
                database,
                world.source(database, step),
                world.target(database, step));
    }

    public Link reverse(String database) {
        return new Link(
                names(),
                Direction.REVERSE,
                database,
                world.target(database, step),
                world.source(database, step));
    }

    public List<Link> forward() {
        return world.databases().stream().map(this::forward).toList();
    }

    public List<Link> reverse() {
        return world.databases().stream().map(this::reverse).toList();
    }

    public List<Link> of(Direction direction) {
        return direction == Direction.FORWARD ? forward() : reverse();
    }

    /** Where the publisher of a direction is reached from the other server. */
    public String address(Direction direction) {
        return direction == Direction.FORWARD
                ? world.source().leaderAddress()
                : world.target().primaryAddress();
    }

    /**
     * How the subscribing server logs in at the publisher. Encrypted, but without checking the
     * certificate: the CA is not a file on the subscribing server.
     */
    public Secret conninfo(Link link) {
        return conninfo(link, address(link.direction()));
    }

    Secret conninfo(Link link, String address) {
        return Secret.of(
                "host="
                        + address
                        + " port="
                        + PORT
                        + " dbname="
                        + quoted(link.database())
                        + " user="
                        + names().role()
                        + " password="
                        + quoted(password().reveal())
                        + " sslmode=require target_session_attrs=primary connect_timeout=10"
                        + " application_name="
                        + link.name());
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** The replication role's password; made at the first question, the same for both servers. */
    Secret password() {
        return world.captured()
                .find(PASSWORD)
                .orElseGet(() -> {
                    world.captured().keep(PASSWORD, ReplicationRole.randomPassword());
                    return world.captured().require(PASSWORD);
                });
    }
}
