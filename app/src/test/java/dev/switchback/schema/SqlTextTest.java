package dev.switchback.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchback.pg.Exclusions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SqlTextTest {

    @Test
    void aScriptIsCutAtItsSemicolonsAndNowhereElse() {
        assertThat(
                        SqlText.statements(
                                """
                                \\restrict abc;def
                                -- a comment; with one
                                SET a = 'x;''y';
                                GRANT SELECT ON "t;""o" TO "a;b";
                                SELECT $q$ ; $$ ; $q$, E'\\';';
                                \\unrestrict abc
                                """))
                .containsExactly(
                        "SET a = 'x;''y'",
                        "GRANT SELECT ON \"t;\"\"o\" TO \"a;b\"",
                        "SELECT $q$ ; $$ ; $q$, E'\\';'");
    }

    @Test
    void theRolesOfAPrivilegeAreFoundWhateverTheObjectIsCalled() {
        assertThat(roles("GRANT SELECT(\"to\") ON TABLE public.\"from\" TO \"Reader;\"\"x\""))
                .containsExactly("Reader;\"x");
        assertThat(roles("REVOKE ALL ON FUNCTION public.f(\"to\" text, b int) FROM PUBLIC"))
                .isEmpty();
        assertThat(roles("GRANT SELECT ON TABLE t TO admin WITH GRANT OPTION"))
                .containsExactly("admin");
        assertThat(
                        roles(
                                "ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA \"to\" GRANT SELECT ON TABLES TO \"PUBLIC\""))
                .containsExactly("app", "PUBLIC");
    }

    @Test
    void deparsedTextLosesItsQualifiersButNotItsLiteralsAndNumbers() {
        assertThat(
                        SchemaFingerprint.loose(
                                "SELECT a.\"B c\",\n  t.* FROM public.t WHERE x = 'a.b' AND y > 1.50"))
                .isEqualTo("SELECT \"B c\" , * FROM t WHERE x = 'a.b' AND y > 1 . 50");
    }

    @Test
    void entriesOfExcludedExtensionsAndOursStayBehind() {
        Exclusions exclusions = new Exclusions(Set.of("cron"), Set.of("set_user"), Set.of());
        List<String> kept =
                Toc.entries(
                        """
                        ; a heading
                        1; 3079 1 EXTENSION - set_user
                        2; 0 0 COMMENT - EXTENSION set_user
                        3; 3079 2 EXTENSION - citext
                        4; 2615 3 SCHEMA - cron postgres
                        5; 2615 4 SCHEMA - cron jobs app owner
                        6; 2620 5 TRIGGER public t switchback_fence app
                        7; 3466 6 EVENT TRIGGER - switchback_fence_ddl postgres
                        8; 6104 7 PUBLICATION - p app
                        9; 2620 8 TRIGGER public t mine app
                        """,
                        exclusions);
        assertThat(kept)
                .containsExactly(
                        "3; 3079 2 EXTENSION - citext",
                        "5; 2615 4 SCHEMA - cron jobs app owner",
                        "9; 2620 8 TRIGGER public t mine app");
    }

    @Test
    void aFailedCommandThatMayHoldAPasswordIsCutShort() {
        assertThat(
                        ClientProgram.readable(
                                "pg_restore: error: no such server\nCommand was: CREATE USER MAPPING FOR a SERVER s OPTIONS (\n password 'hush');\n"))
                .contains("no such server", "CREATE USER MAPPING")
                .doesNotContain("hush");
    }

    private static List<String> roles(String statement) {
        return Privileges.roles(SqlText.tokens(statement));
    }
}
