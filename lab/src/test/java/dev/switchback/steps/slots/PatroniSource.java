package dev.switchback.steps.slots;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchback.lab.Await;
import dev.switchback.lab.pg.Scratch;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Secret;
import dev.switchback.pg.Sql;
import dev.switchback.pg.Tls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assumptions;

/** A real Patroni cluster of two members, by {@code .ci/patroni}; they are numbered from 1. */
final class PatroniSource implements AutoCloseable {
    static final String NAME = "mastodon-postgresql";

    /** Debian's own server, unless {@code PG_MAJOR} says otherwise. */
    int major() throws SQLException {
        return Integer.parseInt(
                one(1, "postgres", "SELECT current_setting('server_version_num')::int / 10000"));
    }

    static final Secret PASSWORD = Secret.of("zalando");
    private static final Path SCRIPT = Path.of("..", ".ci", "patroni");
    private static final int NOT_INSTALLED = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path folder;
    private final String net;

    private PatroniSource(Path folder, String net) {
        this.folder = folder;
        this.net = net;
    }

    /** A fresh cluster; without Patroni on this machine the test is skipped, and says so. */
    static PatroniSource start() throws Exception {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        PatroniSource source =
                new PatroniSource(
                        Scratch.folder("patroni"),
                        "127." + random.nextInt(10, 250) + "." + random.nextInt(0, 256));
        try {
            source.startAgain();
        } catch (Exception | Error e) {
            source.close();
            throw e;
        }
        return source;
    }

    /** Starts what does not run. */
    void startAgain() throws Exception {
        StringBuilder said = new StringBuilder();
        int exit = script(said, "start", folder.toString(), net);
        Assumptions.assumeFalse(exit == NOT_INSTALLED, said.toString());
        if (exit != 0) {
            throw new AssertionError("no Patroni cluster: " + said);
        }
    }

    /** The member dies as if its node lost power. */
    void kill(int member) throws Exception {
        StringBuilder said = new StringBuilder();
        if (script(said, "kill", folder.toString(), String.valueOf(member)) != 0) {
            throw new AssertionError("member " + member + " was not killed: " + said);
        }
    }

    private static int script(StringBuilder said, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SCOPE", NAME);
        Process process = builder.start();
        said.append(
                new String(
                                process.getInputStream().readAllBytes(),
                                java.nio.charset.StandardCharsets.UTF_8)
                        .strip());
        return process.waitFor();
    }

    /** Self-signed, PEM. */
    String certificate() throws IOException {
        return Files.readString(folder.resolve("server.crt"));
    }

    static String pod(int member) {
        return NAME + "-" + (member - 1);
    }

    String address(int member) {
        return net + "." + member;
    }

    ConnectionSpec spec(int member, String database) {
        return new ConnectionSpec(
                address(member), null, 5432, database, "postgres", PASSWORD, Tls.require(), "lab");
    }

    Connection connect(int member, String database) {
        return Pg.open(spec(member, database));
    }

    void run(int member, String database, String sql) throws SQLException {
        try (Connection connection = connect(member, database)) {
            Sql.run(connection, sql);
        }
    }

    String one(int member, String database, String sql) throws SQLException {
        try (Connection connection = connect(member, database)) {
            return Sql.one(connection, sql);
        }
    }

    /** {@code GET /cluster} of any member that answers. */
    JsonNode cluster() throws Exception {
        return get("/cluster");
    }

    JsonNode config() throws Exception {
        return get("/config");
    }

    private JsonNode get(String path) throws Exception {
        IOException last = new IOException("nobody asked");
        for (int member : new int[] {1, 2}) {
            try {
                HttpResponse<String> answer =
                        http.send(
                                request(member, path).GET().build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return JSON.readTree(answer.body());
                }
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The whole new configuration, as Patroni answers it. */
    JsonNode patch(String json) throws Exception {
        IOException last = new IOException("nobody asked");
        for (int member : new int[] {1, 2}) {
            try {
                HttpResponse<String> answer =
                        http.send(
                                request(member, "/config")
                                        .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return JSON.readTree(answer.body());
                }
                throw new AssertionError(answer.statusCode() + " " + answer.body());
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** Restarts PostgreSQL of one member through its Patroni; the status of the answer. */
    int restart(int member, String json) throws Exception {
        return http.send(
                        request(member, "/restart")
                                .timeout(Duration.ofSeconds(60))
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    /** Whether Patroni says that this member waits for a restart. */
    boolean pendingRestart(int member) throws Exception {
        HttpResponse<String> answer =
                http.send(
                        request(member, "/patroni").GET().build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("pending_restart").asBoolean(false);
    }

    private HttpRequest.Builder request(int member, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address(member) + ":8008" + path))
                .timeout(Duration.ofSeconds(5));
    }

    /** The member that holds the leader lock and runs; 0 while there is none. */
    int leader() throws Exception {
        for (JsonNode member : cluster().path("members")) {
            if (member.path("role").asText().equals("leader")
                    && member.path("state").asText().equals("running")) {
                return member.path("name").asText().equals(pod(1)) ? 1 : 2;
            }
        }
        return 0;
    }

    int replica() throws Exception {
        return 3 - leader();
    }

    /** Waits until another member than this is the leader and takes writes. */
    void awaitLeaderAfter(int old) throws Exception {
        int next = 3 - old;
        Await.until(
                "member " + next + " is the leader",
                Duration.ofSeconds(90),
                () -> {
                    try {
                        return one(next, "postgres", "SELECT pg_is_in_recovery()").equals("f")
                                && leader() == next;
                    } catch (dev.switchback.fault.SwitchbackException | SQLException starting) {
                        return false;
                    }
                });
    }

    /** Waits until the replica streams from the leader. */
    void awaitStreaming() throws Exception {
        Await.until(
                "the replica streams",
                Duration.ofSeconds(90),
                () -> {
                    int leader = leader();
                    return leader != 0
                            && one(
                                            leader,
                                            "postgres",
                                            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                                                    + " AND application_name LIKE '"
                                                    + NAME
                                                    + "%'")
                                    .equals("1");
                });
    }

    @Override
    public void close() {
        try {
            script(new StringBuilder(), "stop", folder.toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Scratch.delete(folder);
    }
}
