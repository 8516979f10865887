package dev.switchback.steps.checks;

import dev.switchback.cnpg.CnpgSettings;
import dev.switchback.engine.StepContext;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.pg.Pg;
import dev.switchback.steps.Chapter;
import dev.switchback.steps.Check;
import dev.switchback.steps.Findings;
import dev.switchback.steps.World;
import dev.switchback.steps.checks.ServerSettings.Assigned;
import dev.switchback.steps.checks.ServerSettings.Value;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Sessions of the applications get the same settings on both sides. What {@code ALTER DATABASE} and
 * {@code ALTER ROLE} set is carried; what the server's own configuration gives is not, so that is
 * what may differ. Settings that change results block; others are told with both values.
 */
public final class CheckSettings extends Check {
    /** They change what a statement means or what a commit promises. */
    private static final Set<String> RESULTS =
            Set.of(
                    "standard_conforming_strings",
                    "timezone",
                    "datestyle",
                    "intervalstyle",
                    "default_transaction_isolation",
                    "default_transaction_read_only",
                    "bytea_output",
                    "backslash_quote",
                    "array_nulls",
                    "transform_null_equals",
                    "default_text_search_config",
                    "search_path",
                    "synchronous_commit");

    /** What servers differ in without any session feeling it, or only in speed or logs. */
    private static final Pattern NOT_FELT =
            Pattern.compile(
                    "(log|debug|trace|track|stats|ssl|wal|vacuum|compute|backtrace|jit|lc_messages|lc_collate|lc_ctype"
                            + "|update_process|dynamic_library|local_preload|session_preload|allow_|ignore_|zero_damaged"
                            + "|restrict_|tcp_|krb_|gss_|event_triggers|client_connection|post_auth|pre_auth|send_abort)"
                            + ".*|.*\\..*");

    private static final Set<String> UTC =
            Set.of("utc", "etc/utc", "gmt", "etc/gmt", "zulu", "etc/zulu", "uct", "etc/uct");

    private static final List<String> DURABLE =
            List.of("off", "local", "remote_write", "on", "remote_apply");

    public CheckSettings(World world) {
        super(
                world,
                Chapter.DATA,
                "check-settings",
                "Compare the settings that the applications' sessions get");
    }

    @Override
    protected void look(StepContext context, Findings findings) throws Exception {
        try (Connection source = Pg.open(world.source("postgres", id()));
                Connection target = Pg.open(world.targetReader("postgres", id()))) {
            Map<String, String> configured = new TreeMap<>();
            new CnpgSettings(world.target().object())
                    .parameters()
                    .forEach((name, value) -> configured.put(name.toLowerCase(Locale.ROOT), value));
            ServerSettings here = ServerSettings.of(source, Map.of());
            ServerSettings there = ServerSettings.of(target, configured);
            List<Assigned> carried = Assigned.of(source);
            List<Assigned> own = Assigned.of(target);
            findings.saw("compared", String.valueOf(here.values().size()));
            for (String database : world.databases()) {
                // ALTER ROLE ALL is the server's, not the application's: it is not carried
                List<Assigned> after = new ArrayList<>(own);
                carried.stream().filter(o -> !o.database().isEmpty()).forEach(after::add);
                compare(database, here.in(database, carried), there.in(database, after), findings);
                unread(database, here.in(database, carried), there, carried, findings);
            }
        }
    }

    static void compare(
            String database, Map<String, Value> here, Map<String, Value> there, Findings findings) {
        List<String> others = new ArrayList<>();
        for (String name : new TreeMap<>(here).keySet()) {
            Value source = here.get(name);
            Value target = there.get(name);
            if (source == null
                    || target == null
                    || !(source.chosen() || target.chosen())
                    || NOT_FELT.matcher(name).matches()
                    || same(name, source.value(), target.value())) {
                continue;
            }
            String words =
                    name
                            + " is "
                            + source.value()
                            + source.unit()
                            + " on the source and "
                            + target.value()
                            + target.unit()
                            + " on the target";
            if (RESULTS.contains(name)) {
                findings.block(
                        new Problem(
                                Code.SETTING_DIFFERS,
                                database + " " + name,
                                words,
                                "on the source ALTER DATABASE "
                                        + database
                                        + " SET "
                                        + name
                                        + " = '"
                                        + source.value()
                                        + "', which is carried; or set it in spec.postgresql.parameters of the Cluster",
                                "statements would mean something else, or commits promise less, from one moment to"
                                        + " the next"));
            } else {
                others.add(words);
            }
        }
        if (!others.isEmpty()) {
            findings.warn(
                    new Problem(
                            Code.SETTING_DIFFERS,
                            database,
                            String.join("; ", others),
                            "set what the applications need in spec.postgresql.parameters of the Cluster, or by ALTER"
                                    + " DATABASE on the source, which is carried",
                            "plans, limits and timeouts may change with them"));
        }
    }

    private static boolean same(String name, String source, String target) {
        String here = source.toLowerCase(Locale.ROOT);
        String there = target.toLowerCase(Locale.ROOT);
        return switch (name) {
            case "timezone" -> here.equals(there) || (UTC.contains(here) && UTC.contains(there));
            case "synchronous_commit" -> DURABLE.indexOf(there) >= DURABLE.indexOf(here);
            case "datestyle", "search_path" -> here.replace(" ", "").equals(there.replace(" ", ""));
            default -> here.equals(there);
        };
    }

    /** Our role on the target sees what its own login asked for, until superuser access is on. */
    private static void unread(
            String database,
            Map<String, Value> here,
            ServerSettings there,
            List<Assigned> carried,
            Findings findings) {
        for (String name : there.unread()) {
            Value value = here.get(name);
            if (value == null) {
                continue;
            }
            boolean set =
                    carried.stream()
                            .anyMatch(o -> o.database().equals(database) && o.name().equals(name));
            boolean usual =
                    (name.equals("timezone")
                                    && UTC.contains(value.value().toLowerCase(Locale.ROOT)))
                            || (name.equals("datestyle") && same(name, "iso, mdy", value.value()));
            if (!set && !usual && RESULTS.contains(name)) {
                findings.warn(
                        new Problem(
                                Code.NOT_CHECKED,
                                database + " " + name,
                                "is "
                                        + value.value()
                                        + " on the source; what the target gives cannot be read before superuser"
                                        + " access is on",
                                "on the source ALTER DATABASE "
                                        + database
                                        + " SET "
                                        + name
                                        + " = '"
                                        + value.value()
                                        + "', which is carried",
                                "the target's container may use another"));
            }
        }
    }
}
