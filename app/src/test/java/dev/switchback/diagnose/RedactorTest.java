package dev.switchback.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.pg.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets go out of texts by their value and by the shape that they stand in. */
class RedactorTest {

    @Test
    void aKnownValueGoesWhereverItStandsAndHoweverItIsWritten() {
        Redactor redactor = new Redactor();
        redactor.learn("answer", Secret.of("s3cret/+value"));
        redactor.learn("password", Secret.of("abc"));
        assertThat(
                        redactor.text(
                                "plain s3cret/+value, base64 czNjcmV0Lyt2YWx1ZQ==, URL s3cret%2F%2Bvalue, abc"))
                .isEqualTo("plain [redacted], base64 [redacted], URL [redacted], [redacted]");
    }

    @Test
    void aShortValueThatIsNotCalledASecretDoesNotTakeWordsWithIt() {
        Redactor redactor = new Redactor();
        redactor.learn("DB_PORT", Secret.of("5432"));
        redactor.learnVariable("DB_HOST", Secret.of("database-rw"));
        assertThat(redactor.text("database-rw:5432")).isEqualTo("database-rw:5432");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://web:hidden@database-rw:5432/shop | postgresql://[redacted]@database-rw:5432/shop",
                "host=db user=web password=hidden dbname=shop | host=db user=web password=[redacted] dbname=shop",
                "password='it''s hidden' next | password=[redacted] next",
                "{\"password\": \"hidden\"} | {\"password\": [redacted]}",
                "PGPASSWORD=hidden psql | PGPASSWORD=[redacted] psql",
                "ALTER ROLE web PASSWORD 'hidden' | ALTER ROLE web PASSWORD [redacted]",
                "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy end | [redacted] end",
                "md50123456789abcdef0123456789abcdef | [redacted]",
                "Authorization: Bearer abcdefgh12345678 | Authorization: Bearer [redacted]",
                "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl | [redacted]",
                "DETAIL: Key (email)=(ada@example.org) already exists. | DETAIL: Key (email)=([redacted]) already exists.",
                "DETAIL: Failing row contains (7, ada@example.org). | DETAIL: Failing row contains ([redacted]",
            })
    void whatLooksLikeASecretGoesWhoeverOwnsIt(String text, String clean) {
        assertThat(new Redactor().text(text)).isEqualTo(clean);
    }

    @Test
    void aNameThatEverybodyKnowsStaysUnlessItIsAPassword() {
        Redactor redactor = new Redactor();
        redactor.open(List.of("mastodon", "database-rw"));
        redactor.learn("DB_HOST", Secret.of("database-rw"));
        assertThat(redactor.text("mastodon on database-rw")).isEqualTo("mastodon on database-rw");
        redactor.learn("password", Secret.of("mastodon"));
        assertThat(redactor.text("mastodon on database-rw")).isEqualTo("[redacted] on database-rw");
    }

    @Test
    void aPrivateKeyGoesAndACertificateStays() {
        String pem =
                "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nMIIB\n";
        assertThat(new Redactor().text(pem))
                .isEqualTo("[redacted]\n-----BEGIN CERTIFICATE-----\nMIIB\n");
    }

    @Test
    void statementsLoseLiteralsAndNumbers() {
        Redactor redactor = new Redactor();
        for (String sql :
                List.of(
                        "SELECT * FROM users\n WHERE email = 'ada@example.org' AND id = 42",
                        "SELECT * FROM users WHERE email = E'o\\'hare' AND id = 7",
                        "SELECT * FROM users WHERE email = $q$ada$q$ AND id = -1")) {
            assertThat(redactor.statement(sql))
                    .isEqualTo("SELECT * FROM users WHERE email = ? AND id = ?");
        }
        assertThat(redactor.statement("SELECT * FROM t1 WHERE a = $1"))
                .isEqualTo("SELECT * FROM t1 WHERE a = $1");
        assertThat(redactor.logLine("ERROR: bad STATEMENT: SELECT 'ada'"))
                .isEqualTo("ERROR: bad STATEMENT: SELECT ?");
    }
}
