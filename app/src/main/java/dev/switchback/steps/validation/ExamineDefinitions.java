package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.schema.SchemaDiff;
import dev.switchback.schema.SchemaDifference;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares the definitions, and the extensions among them apart. */
final class ExamineDefinitions {
    private final World world;

    ExamineDefinitions(World world) {
        this.world = world;
    }

    List<Examined> examine() throws SQLException {
        Findings schema = new Findings();
        Findings extensions = new Findings();
        for (String database : world.databases()) {
            try (Connection source = Pg.open(world.source(database, "validate"));
                    Connection target = Pg.open(world.target(database, "validate"))) {
                for (SchemaDifference d : SchemaDiff.between(source, target, world.exclusions())) {
                    boolean extension = d.kind().startsWith("extension");
                    (extension ? extensions : schema)
                            .add(
                                    d,
                                    extension ? Code.EXTENSION_DIFFERS : Code.SCHEMA_DIFFERS,
                                    world.target().display() + "/" + database);
                }
            }
        }
        return List.of(
                schema.examined("schema", "every definition of both sides compared"),
                extensions.examined("extensions", "names and versions of both sides compared"));
    }

    /** What was found of one part. */
    private static final class Findings {
        private final List<Problem> problems = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        void add(SchemaDifference difference, Code code, String where) {
            if (difference.known()) {
                notes.add(difference.text());
            } else {
                problems.add(
                        new Problem(
                                code,
                                where,
                                difference.text(),
                                "make the target's definition like the source's, or accept it knowingly"));
            }
        }

        Examined examined(String id, String evidence) {
            return Examined.of(
                    id,
                    evidence + (notes.isEmpty() ? "" : ", " + notes.size() + " known differences"),
                    problems,
                    notes);
        }
    }
}
