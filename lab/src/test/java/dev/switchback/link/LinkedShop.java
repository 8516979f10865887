package dev.switchback.link;

import dev.switchback.lab.Await;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Stopper;
import dev.switchback.pg.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/** One database on both sides with a table {@code items}, and the link between them. */
final class LinkedShop {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TableId ITEMS = new TableId("public", "items");

    final PgServer publisher;
    final PgServer subscriber;
    final String database;
    final Link link;

    LinkedShop(PgServer publisher, PgServer subscriber, String database) throws SQLException {
        this.publisher = publisher;
        this.subscriber = subscriber;
        this.database = database;
        this.link =
                new Link(
                        LinkNames.of("0123456789ab"),
                        Direction.FORWARD,
                        database,
                        publisher.superuser(database),
                        subscriber.superuser(database));
        for (PgServer side : new PgServer[] {publisher, subscriber}) {
            try (Connection session = side.connect("postgres")) {
                Sql.run(session, "CREATE DATABASE " + database);
            }
            on(side, "CREATE TABLE items (id bigserial PRIMARY KEY, name text)");
        }
    }

    /** Published, its slot made, nobody reads it yet. */
    LinkedShop published() throws InterruptedException {
        link.publish(Set.of(ITEMS));
        link.createSlot(LIMIT, Stopper.NEVER).snapshot().close();
        return this;
    }

    LinkedShop streaming() throws InterruptedException {
        published();
        link.subscribe(conninfo(), Fenced.NO);
        link.awaitStreaming(Stopper.NEVER);
        return this;
    }

    Secret conninfo() {
        ConnectionSpec login = publisher.superuser(database);
        return Secret.of(
                "host="
                        + publisher.address()
                        + " port=5432 dbname="
                        + database
                        + " user="
                        + login.user()
                        + " password="
                        + login.password().reveal()
                        + " sslmode=require");
    }

    /** So many transactions of one row. */
    void write(int transactions) throws SQLException {
        try (Connection session = publisher.connect(database)) {
            for (int i = 0; i < transactions; i++) {
                Sql.run(session, "INSERT INTO items (name) VALUES ('row')");
            }
        }
    }

    void awaitArrived() throws Exception {
        Await.until("everything arrived", LIMIT, () -> items(subscriber).equals(items(publisher)));
    }

    /** Count and sum of the keys. */
    String items(PgServer side) throws SQLException {
        return one(side, "SELECT count(*) || '/' || coalesce(sum(id), 0) FROM items");
    }

    void on(PgServer side, String sql) throws SQLException {
        try (Connection session = side.connect(database)) {
            Sql.run(session, sql);
        }
    }

    String one(PgServer side, String sql) throws SQLException {
        try (Connection session = side.connect(database)) {
            return Sql.one(session, sql);
        }
    }

    /** What somebody else does to our slot; the subscription must be disabled. */
    void makeSlotAgain() throws SQLException {
        on(publisher, "SELECT pg_drop_replication_slot('" + link.name() + "')");
        on(
                publisher,
                "SELECT pg_create_logical_replication_slot('" + link.name() + "', 'pgoutput')");
    }
}
