package dev.switchback.spec;

/** A value of the document: written there, or kept in a Secret of the migration's namespace. */
public sealed interface Given {
    /** Written in the document. */
    record Text(String value) implements Given {}

    /** The value of one key of a Secret, read when it is used. */
    record FromSecret(String name, String key) implements Given {}

    /** For messages: where it is, not what it is. */
    default String place() {
        return switch (this) {
            case Text text -> "the document";
            case FromSecret from -> "Secret " + from.name() + ", key " + from.key();
        };
    }
}
