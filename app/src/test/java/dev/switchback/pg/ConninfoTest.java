package dev.switchback.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection strings by the rules of libpq's documentation ("Database Connection Control"). */
final class ConninfoTest {
    @TempDir Path home;

    private ConnectionSpec spec(String text, String... environment) {
        return parse(text, environment).spec("test");
    }

    private Conninfo parse(String text, String... environment) {
        Map<String, String> env = new java.util.HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            env.put(environment[i], environment[i + 1]);
        }
        return Conninfo.parse(text, env, home);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host=db port=5433 dbname=shop user=app | app@db:5433/shop",
                "host = db  dbname='my shop'  user=app | app@db:5432/my shop",
                "host=db dbname='it\\'s' user=a\\ b | a b@db:5432/it's",
                "host=db dbname='back\\\\slash' user='' user=app | app@db:5432/back\\slash",
                "host=one host=two user=u dbname=d | u@two:5432/d",
                "hostaddr=10.0.0.1 user=u dbname=d | u@10.0.0.1:5432/d",
                "user=u | u@localhost:5432/u",
                "postgresql://app@db:5433/shop | app@db:5433/shop",
                "postgres://app@db/shop?port=6000 | app@db:6000/shop",
                "postgresql://db/shop?user=app | app@db:5432/shop",
                "postgresql://a%40b:p%3Aw@db/my%20shop%2F1 | a@b@db:5432/my shop/1",
                "postgresql://app@[2001:db8::1]:5433/shop | app@2001:db8::1:5433/shop",
                "postgresql://app@/shop?host=other | app@other:5432/shop",
                "postgresql:///shop?user=app&host=db | app@db:5432/shop"
            })
    void isReadAsLibpqReadsIt(String text, String meant) {
        assertThat(parse(text)).hasToString(meant);
    }

    @Test
    void textWithoutAnEqualsSignIsADatabase() {
        assertThat(spec("shop", "PGHOST", "db", "PGUSER", "app").display())
                .isEqualTo("app@db:5432/shop");
    }

    @Test
    void theStringBeatsTheServiceAndTheServiceBeatsTheEnvironment() throws IOException {
        Files.writeString(
                home.resolve(".pg_service.conf"),
                """
                # ours
                [other]
                host=wrong

                [shop]
                host=from-service
                port=6001
                dbname=from service
                [last]
                host=wrong
                """);
        ConnectionSpec spec =
                spec(
                        "service=shop port=7000",
                        "PGHOST",
                        "from-env",
                        "PGUSER",
                        "env-user",
                        "PGDATABASE",
                        "env-db");
        assertThat(spec.display()).isEqualTo("env-user@from-service:7000/from service");
    }

    @Test
    void aServiceFileCanBeNamedAndTheMachinesFileIsAskedLast() throws IOException {
        Path named = Files.writeString(home.resolve("mine.conf"), "[a]\nhost=named\n");
        Path system = Files.createDirectory(home.resolve("sys"));
        Files.writeString(system.resolve("pg_service.conf"), "[b]\nhost=machine\nuser=u\n");

        String file = named.toString();
        String folder = system.toString();
        assertThat(
                        spec(
                                        "user=u",
                                        "PGSERVICE",
                                        "a",
                                        "PGSERVICEFILE",
                                        file,
                                        "PGSYSCONFDIR",
                                        folder)
                                .host())
                .isEqualTo("named");
        assertThat(spec("service=b", "PGSERVICEFILE", file, "PGSYSCONFDIR", folder).host())
                .isEqualTo("machine");
        assertThatThrownBy(() -> parse("service=c", "PGSYSCONFDIR", folder))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.SERVICE_NOT_FOUND));
    }

    @Test
    void aServiceCannotNameAnotherServiceAndABadLineNamesItsPlace() throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[a]\nservice=b\n[c]\nhosst=x\n");
        assertThatThrownBy(() -> parse("service=a")).hasMessageContaining(".conf line 2");
        assertThatThrownBy(() -> parse("service=c")).hasMessageContaining(".conf line 4");
    }

    @Test
    void thePasswordFileIsReadWithWildcardsAndEscapes() throws IOException {
        passwords(
                "rw-------",
                """
                # comment:1:2:3:no
                db:5432:other:app:wrong
                db:5432:sh\\:op:app:p\\:w\\\\d
                *:*:*:reader:any
                """);
        assertThat(spec("host=db user=app dbname=sh:op").password().reveal()).isEqualTo("p:w\\d");
        assertThat(spec("host=x port=1 user=reader").password().reveal()).isEqualTo("any");
        assertThat(spec("host=x user=nobody").password().reveal()).isEmpty();
        assertThat(spec("host=x user=reader", "PGPASSWORD", "env").password().reveal())
                .isEqualTo("env");
        assertThat(spec("host=x user=reader password=own", "PGPASSWORD", "env").password().reveal())
                .isEqualTo("own");
    }

    @Test
    void aPasswordFileThatOthersCanReadIsIgnoredWithAWarning() throws IOException {
        passwords("rw-r-----", "*:*:*:*:secret\n");
        Conninfo conninfo = parse("host=db user=app");
        assertThat(conninfo.spec("test").password().reveal()).isEmpty();
        assertThat(conninfo.warnings())
                .singleElement()
                .asString()
                .contains("group or world access")
                .doesNotContain("secret");
    }

    @Test
    void hostaddrIsDialledAndTheHostIsVerified() {
        ConnectionSpec spec = spec("host=db.example hostaddr=127.0.0.1 user=u");
        assertThat(spec.host()).isEqualTo("db.example");
        assertThat(spec.hostAddress()).isEqualTo("127.0.0.1");
    }

    @Test
    void sslmodeFollowsLibpq() throws IOException {
        assertThat(spec("user=u").tls().mode()).isEqualTo(Tls.Mode.PREFER);
        assertThat(spec("user=u", "PGSSLMODE", "disable").tls().mode()).isEqualTo(Tls.Mode.DISABLE);
        assertThat(spec("postgresql://u@h/?ssl=true").tls().mode()).isEqualTo(Tls.Mode.REQUIRE);
        assertThatThrownBy(() -> parse("host=h user=u sslmode=verify-full"))
                .hasMessageContaining("root.crt does not exist");
        assertThatThrownBy(() -> parse("user=u sslmode=sometimes"))
                .hasMessageContaining("sslmode has no such value");

        Files.createDirectory(home.resolve(".postgresql"));
        Path root = Files.writeString(home.resolve(".postgresql/root.crt"), "");
        assertThat(spec("host=h user=u sslmode=require").tls())
                .as("require verifies the CA where there is one")
                .isEqualTo(new Tls(Tls.Mode.VERIFY_CA, root));
        assertThat(spec("host=h user=u sslmode=verify-full").tls()).isEqualTo(Tls.verifyFull(root));
        Path other = Files.writeString(home.resolve("other.crt"), "");
        assertThat(spec("host=h user=u sslmode=verify-ca sslrootcert=" + other).tls().caFile())
                .isEqualTo(other);
        assertThatThrownBy(() -> parse("hostaddr=10.0.0.1 user=u sslmode=verify-full"))
                .hasMessageContaining("host name");
        assertThatThrownBy(() -> parse("host=h user=u sslmode=require sslrootcert=system"))
                .hasMessageContaining("verify-full");
    }

    @Test
    void aClientCertificateIsTakenFromItsUsualPlace() throws IOException {
        Files.createDirectory(home.resolve(".postgresql"));
        Path crt = Files.writeString(home.resolve(".postgresql/postgresql.crt"), "");
        assertThatThrownBy(() -> parse("user=u")).hasMessageContaining("private key");
        Path key = Files.writeString(home.resolve(".postgresql/postgresql.key"), "");
        assertThat(spec("user=u").login().certificate()).isEqualTo(crt);
        assertThat(spec("user=u").login().key()).isEqualTo(key);
        assertThat(spec("user=u sslcertmode=disable").login().certificate()).isNull();
    }

    @Test
    void loginOptionsReachTheDriverAndClientPrograms() {
        ConnectionSpec spec =
                spec(
                        "host=db user=u password=p connect_timeout=3 channel_binding=require"
                                + " options='-c geqo=off'");
        assertThat(spec.login().connectSeconds()).isEqualTo(3);
        assertThat(spec.login().channelBinding()).isTrue();
        assertThat(spec.clientEnvironment())
                .containsEntry("PGHOST", "db")
                .containsEntry("PGOPTIONS", "-c geqo=off")
                .containsEntry("PGCHANNELBINDING", "require")
                .containsEntry("PGCONNECT_TIMEOUT", "3")
                .containsEntry("PGPASSWORD", "p");
        assertThat(spec("user=u connect_timeout=0").login().connectSeconds()).isZero();
        assertThat(spec("user=u connect_timeout=-1").login().connectSeconds()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=a,b user=u",
                "postgresql://a:1,b:2/d",
                "host=/var/run/postgresql",
                "postgresql://%2Fvar%2Frun/d",
                "user=u target_session_attrs=read-write",
                "user=u gssencmode=require",
                "user=u sslcrl=/x",
                "user=u require_auth=scram-sha-256",
                "user=u replication=database",
                "user=u sslpassword=x"
            })
    void whatCannotBeHonouredIsRefusedByName(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.CONNINFO_UNSUPPORTED);
                            assertThat(e.problem().object()).startsWith("connection option ");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=db password=top secret",
                "host=db password='topsecret",
                "password=top secret=x host=db",
                "postgresql://u:topsecret%zz@h/d",
                "postgresql://u:topsecret@[h/d",
                "postgresql://u:topsecret@h:port/d",
                "postgresql://u:topsecret@h/d?novalue",
                "host=db port=topsecret",
                "host=db hosst=x"
            })
    void whatCannotBeUnderstoodIsRefusedWithoutRepeatingValues(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.CONNINFO_INVALID))
                .hasMessageNotContaining("secret");
    }

    @Test
    void neverPrintsThePassword() {
        Conninfo conninfo = parse("postgresql://app:topsecret@db/shop");
        assertThat(conninfo.toString() + conninfo.spec("x")).doesNotContain("topsecret");
    }

    private void passwords(String permissions, String text) throws IOException {
        Path file = Files.writeString(home.resolve(".pgpass"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
