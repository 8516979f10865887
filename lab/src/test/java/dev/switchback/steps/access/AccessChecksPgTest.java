package dev.switchback.steps.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.engine.Finding;
import dev.switchback.engine.Observation;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.lab.pg.Certificates;
import dev.switchback.lab.pg.PgServer;
import dev.switchback.pg.PresentedCertificate;
import dev.switchback.pg.Sql;
import dev.switchback.steps.Findings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessChecksPgTest {
    private static final List<String> NAMES = List.of("database-rw.shop.svc", "*.wild.example");
    private static final PgServer SERVER = PgServer.start(17, NAMES, Map.of());

    @BeforeAll
    static void users() throws Exception {
        try (Connection postgres = SERVER.connect("postgres")) {
            Sql.run(
                    postgres,
                    "CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION ltree");
            Sql.run(postgres, "CREATE TABLE item (id int, name citext)");
            Sql.run(
                    postgres,
                    "CREATE INDEX by_trigram ON item USING gin ((name::text) gin_trgm_ops)");
            Sql.run(postgres, "CREATE VIEW alike AS SELECT similarity(name::text, 'x') FROM item");
        }
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static PresentedCertificate shown() {
        return PresentedCertificate.of("database-rw.shop.svc", SERVER.address(), SERVER.port());
    }

    @Test
    void whoUsesAnExtensionIsNamedAndItsOwnPartsAreNot() throws Exception {
        assertThat(users("pg_trgm")).isEqualTo("2: index by_trigram, view alike");
        assertThat(users("citext")).startsWith("1: column name of table item");
        assertThat(users("ltree")).isEqualTo("0: ");
    }

    private static String users(String extension) throws Exception {
        try (Connection postgres = SERVER.connect("postgres")) {
            return Sql.list(
                            postgres,
                            Sql.resource(CheckExtensions.class, "extension-users.sql"),
                            row -> row.getLong(1) + ": " + row.getString(2),
                            extension)
                    .getFirst();
        }
    }

    @Test
    void aCertificateIsReadWithoutALoginAndJudgedByNameSignerAndEnd() {
        PresentedCertificate shown = shown();
        assertThat(shown.protocol()).isEqualTo("TLSv1.3");
        assertThat(shown.names("database-rw.shop.svc")).isTrue();
        assertThat(shown.names("DATABASE-RW.shop.svc")).isTrue();
        assertThat(shown.names("database-rw")).isFalse();
        assertThat(shown.names("a.wild.example")).isTrue();
        assertThat(shown.names("a.b.wild.example")).isFalse();
        assertThat(shown.untrustedBy(SERVER.caPem())).isEmpty();
        assertThat(shown.untrustedBy(Certificates.authority("another").caPem())).isPresent();
        assertThat(shown.untrustedBy(Certificates.authority("another").caPem() + SERVER.caPem()))
                .as("a bundle with both")
                .isEmpty();
        assertThat(shown.selfSigned()).isFalse();
        assertThat(levels(shown)).isEmpty();
    }

    @Test
    void anEndInsideTheRollbackWindowBlocksAndASoonOneIsTold() {
        assertThat(levelsUntil(Duration.ofDays(13))).containsExactly(Finding.Level.WARN);
        assertThat(levelsUntil(Duration.ofHours(47))).containsExactly(Finding.Level.FAIL);
        assertThat(levelsUntil(Duration.ofMinutes(-5))).containsExactly(Finding.Level.FAIL);
    }

    private static List<Finding.Level> levelsUntil(Duration left) {
        try (PgServer other = PgServer.start(17, NAMES, Map.of())) {
            Instant expires = Instant.now().plus(left);
            other.certificateUntil(expires);
            PresentedCertificate shown = until(other, expires);
            assertThat(shown.untrustedBy(other.caPem())).as("its date is judged apart").isEmpty();
            return levels(shown);
        }
    }

    /** A server takes a new certificate when its postmaster has read its files again. */
    private static PresentedCertificate until(PgServer other, Instant expires) {
        for (int attempt = 0; attempt < 200; attempt++) {
            PresentedCertificate shown =
                    PresentedCertificate.of(NAMES.getFirst(), other.address(), other.port());
            if (Duration.between(shown.expires(), expires).abs().toSeconds() < 2) {
                return shown;
            }
        }
        throw new AssertionError("the server never showed its new certificate");
    }

    private static List<Finding.Level> levels(PresentedCertificate shown) {
        Findings findings = new Findings(List.of());
        EndpointCertificates.expiry(shown, "shop/database-rw", "because", findings);
        return switch (findings.observation()) {
            case Observation.Done done -> done.findings().stream().map(Finding::level).toList();
            case Observation.Impossible no -> no.findings().stream().map(Finding::level).toList();
            case Observation.Todo todo -> throw new AssertionError(todo.why());
        };
    }

    @Test
    void whoeverAnswersOtherwiseIsNotTakenForAServer() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(mute));
            Assertions.assertThatThrownBy(() ->
                            PresentedCertificate.of("plain", "127.0.0.1", mute.getLocalPort()))
                    .isInstanceOfSatisfying(
                            SwitchbackException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(Code.PG_TLS);
                                assertThat(e.getMessage()).contains("does not offer TLS");
                            });
        }
        int free;
        try (ServerSocket closed = new ServerSocket(0)) {
            free = closed.getLocalPort();
        }
        Assertions.assertThatThrownBy(() -> PresentedCertificate.of("gone", "127.0.0.1", free))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.PG_UNREACHABLE));
    }

    /** PgBouncer and PostgreSQL without TLS answer the request with one letter. */
    private static void refuse(ServerSocket mute) {
        try (var client = mute.accept()) {
            client.getInputStream().readNBytes(8);
            client.getOutputStream().write('N');
            client.getOutputStream().flush();
            client.getInputStream().read();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
