package dev.switchback.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import org.jspecify.annotations.Nullable;

/**
 * The journal as JSON, the same in every store. Instants are ISO text; fields of a newer version
 * are passed over.
 */
public final class JournalJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private JournalJson() {}

    public static String write(JournalState state) {
        try {
            return MAPPER.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a journal state has no JSON", e);
        }
    }

    /**
     * @param where for the problem: the file's path, the object's name
     * @throws SwitchbackException JOURNAL_UNREADABLE
     */
    public static JournalState read(String json, String where) {
        JournalState state;
        try {
            state = MAPPER.readValue(json, JournalState.class);
        } catch (JsonProcessingException e) {
            throw unreadable(where, "is no journal: " + e.getOriginalMessage(), e);
        }
        if (state == null) {
            throw unreadable(where, "is empty", null);
        }
        if (!JournalState.API_VERSION.equals(state.apiVersion())) {
            throw unreadable(where, "has the version " + state.apiVersion(), null);
        }
        return state;
    }

    private static SwitchbackException unreadable(
            String where, String what, @Nullable Throwable cause) {
        return new SwitchbackException(
                new Problem(
                        Code.JOURNAL_UNREADABLE,
                        where,
                        what,
                        "nothing was done; keep a copy and restore the last good one"),
                cause);
    }
}
