package dev.switchback.settle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.store.cluster.ClusterDocument;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the {@link WatchRecord} is kept: ConfigMap {@code switchback-<migration>-watch}. */
public final class WatchStore {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private final ClusterDocument document;

    public WatchStore(Kube kube, String namespace, String migration) {
        this.document = new ClusterDocument(kube, namespace, migration, "watch", "watch.json");
    }

    /**
     * What was found so far; empty when nobody watched this switch.
     *
     * @param migrationUid the journal's
     * @param committedAt when the target was opened; a record of an earlier switch is none
     * @throws SwitchbackException WATCH_UNREADABLE
     */
    public Optional<WatchRecord> read(String migrationUid, @Nullable Instant committedAt) {
        return document.read().map(this::parse).filter(r -> belongs(r, migrationUid, committedAt));
    }

    /** Writes what {@code change} makes of what is there, or of a first record. */
    public WatchRecord change(
            String migrationUid, @Nullable Instant committedAt, UnaryOperator<WatchRecord> change) {
        return parse(
                document.change(found ->
                        write(
                                change.apply(
                                        found.map(this::parse)
                                                .filter(r -> belongs(r, migrationUid, committedAt))
                                                .orElseGet(() ->
                                                        WatchRecord.first(
                                                                migrationUid, committedAt))))));
    }

    private static boolean belongs(
            WatchRecord kept, String migrationUid, @Nullable Instant committedAt) {
        return kept.migrationUid().equals(migrationUid)
                && (committedAt == null || committedAt.equals(kept.committedAt()));
    }

    private static String write(WatchRecord next) {
        try {
            return JSON.writeValueAsString(next);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a watch record has no JSON", e);
        }
    }

    private WatchRecord parse(String text) {
        try {
            WatchRecord found = JSON.readValue(text, WatchRecord.class);
            if (found != null && WatchRecord.API_VERSION.equals(found.apiVersion())) {
                return found;
            }
            throw unreadable("is no watch record of this version", null);
        } catch (JsonProcessingException e) {
            throw unreadable("cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private SwitchbackException unreadable(String what, @Nullable Throwable cause) {
        return new SwitchbackException(
                new Problem(
                        Code.WATCH_UNREADABLE,
                        document.display(),
                        what,
                        "keep a copy and delete the ConfigMap: watching begins anew"),
                cause);
    }
}
