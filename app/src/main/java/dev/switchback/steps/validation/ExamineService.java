package dev.switchback.steps.validation;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.health.ApplicationHealth;
import dev.switchback.health.ApplicationHealth.Latency;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** TLS of the applications' sessions, and the speed of the baseline's statements on the target. */
final class ExamineService {
    /** Slower by less than this is noise of the network and of a cold cache. */
    private static final long NOISE_MICROS = 20_000;

    private final World world;

    ExamineService(World world) {
        this.world = world;
    }

    Examined tls() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        long sessions = 0;
        for (String database : world.databases()) {
            try (Connection target = Pg.open(world.target(database, "validate"))) {
                List<String> plain = new ArrayList<>();
                sessions +=
                        Sql.list(
                                        target,
                                        Sql.resource(ExamineService.class, "unencrypted.sql"),
                                        row -> {
                                            if (!row.getBoolean(3)) {
                                                plain.add(
                                                        row.getLong(4)
                                                                + " sessions of "
                                                                + row.getString(1)
                                                                + " as "
                                                                + row.getString(2));
                                            }
                                            return row.getLong(4);
                                        })
                                .stream()
                                .mapToLong(Long::longValue)
                                .sum();
                plain.forEach(p ->
                        problems.add(
                                new Problem(
                                        Code.TLS_UNUSED,
                                        world.target().display() + "/" + database,
                                        p + " are not encrypted",
                                        "set sslmode in the application, or add 'hostnossl all all all reject' to spec.postgresql.pg_hba")));
            }
        }
        return Examined.of(
                "tls",
                "the server's certificate fits its CA; "
                        + sessions
                        + " sessions of applications looked at",
                problems,
                List.of());
    }

    /**
     * @param before what the baseline saw on the source
     */
    Examined performance(Optional<ApplicationHealth> before, ApplicationHealth now) {
        if (before.isEmpty()) {
            return Examined.notCompared(
                    "performance", "not compared: the journal holds no baseline of the source");
        }
        double factor = world.migration().validation().slowdown();
        Map<String, Long> then = new HashMap<>();
        before.get()
                .databases()
                .forEach(d ->
                        d.latencies()
                                .forEach(l -> then.put(d.name() + ": " + l.what(), l.micros())));
        List<Problem> problems = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (ApplicationHealth.Database database : now.databases()) {
            for (Latency latency : database.latencies()) {
                String what = database.name() + ": " + latency.what();
                Long micros = then.get(what);
                if (micros == null) {
                    continue;
                }
                String words =
                        String.format(
                                Locale.ROOT,
                                "%s %.1f ms, was %.1f ms",
                                what,
                                latency.micros() / 1000.0,
                                micros / 1000.0);
                seen.add(words);
                if (latency.micros() > micros * factor
                        && latency.micros() - micros > NOISE_MICROS) {
                    problems.add(
                            new Problem(
                                    Code.SLOWER,
                                    world.target().display() + "/" + database.name(),
                                    words + ": slower by more than the factor " + factor,
                                    "look at memory, storage and statistics of the target; ANALYZE; or raise spec.validate.slowdown"));
                }
            }
        }
        return seen.isEmpty()
                ? Examined.notCompared(
                        "performance", "not compared: no statement was measured on both sides")
                : Examined.of("performance", String.join("; ", seen), problems, List.of());
    }
}
