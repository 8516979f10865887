package dev.switchback.spec;

import java.util.Optional;

/**
 * A failing check that the document accepts by name.
 *
 * @param code the printed code of the finding, for example {@code SB-316}
 * @param object the finding's object; empty accepts the code for every object
 * @param reason why; shown by {@code check} and in the report
 */
public record Acceptance(String code, Optional<String> object, String reason) {
    public boolean accepts(String foundCode, String foundObject) {
        return code.equals(foundCode) && object.map(foundObject::equals).orElse(true);
    }
}
