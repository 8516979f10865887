package dev.switchback.fault;

import java.util.regex.Pattern;

/**
 * One thing that is wrong, as a person needs to read it.
 *
 * @param code stable code
 * @param object what it is about: {@code namespace/name}, {@code schema.table}, a field path of the
 *     document
 * @param what what is wrong, with the server's own words where there are any; never a secret
 * @param remedy the command or change that mends it
 * @param why why it matters, for a finding of a check; empty when {@code what} says it all
 */
public record Problem(Code code, String object, String what, String remedy, String why) {

    public Problem(Code code, String object, String what, String remedy) {
        this(code, object, what, remedy, "");
    }

    private static final Pattern BREAK = Pattern.compile("\\s*\\R\\s*");

    /**
     * One line whatever a server or a parser said: {@code SB-312 mastodon/database: holds 4 tables;
     * remedy: …}.
     */
    public String line() {
        String text =
                code.id()
                        + " "
                        + object
                        + ": "
                        + what
                        + (remedy.isEmpty() ? "" : "; remedy: " + remedy);
        return BREAK.matcher(text.strip()).replaceAll(" | ");
    }
}
