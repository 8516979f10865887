package dev.switchback.spec;

import dev.switchback.spec.Online.Carry;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Readers of the document's sections about strategy online and the way back. */
final class OnlineSections {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2})%");

    private OnlineSections() {}

    static Online online(Fields section) {
        Online online =
                new Online(
                        carry(section, "unlogged", Online.DEFAULT.unlogged()),
                        carry(section, "largeObjects", Online.DEFAULT.largeObjects()),
                        section.integer(
                                "sequenceGap",
                                Math.toIntExact(Online.DEFAULT.sequenceGap()),
                                0,
                                1_000_000_000),
                        Quantity.read(section, "maxLag").orElse(Online.DEFAULT.maxLag()),
                        percent(section, "diskFloor", Online.DEFAULT.diskFloor()));
        section.nothingElse();
        return online;
    }

    static Rollback rollback(Fields section) {
        Duration window = section.duration("window", Rollback.DEFAULT.window());
        String link = section.string("link").orElse("auto");
        if (!link.equals("auto") && !link.equals("none")) {
            section.wrong("link", "is '" + link + "'", "write auto or none");
        }
        section.nothingElse();
        return new Rollback(window, !link.equals("none"));
    }

    static Cleanup cleanup(Fields section) {
        Duration notBefore = section.duration("notBefore", Cleanup.DEFAULT.notBefore());
        String backup = section.string("finalBackup").orElse("required");
        if (!backup.equals("required") && !backup.equals("none")) {
            section.wrong("finalBackup", "is '" + backup + "'", "write required or none");
        }
        Fields operator = section.optionalObject("operator");
        Cleanup cleanup =
                new Cleanup(
                        notBefore,
                        !backup.equals("none"),
                        operator.string("namespace"),
                        operator.string("configuration"));
        operator.nothingElse();
        section.nothingElse();
        return cleanup;
    }

    private static Carry carry(Fields section, String field, Carry byDefault) {
        String word = section.string(field).orElse(byDefault.word());
        for (Carry carry : Carry.values()) {
            if (carry.word().equals(word)) {
                return carry;
            }
        }
        section.wrong(field, "is '" + word + "'", "write copy or refuse");
        return byDefault;
    }

    static int percent(Fields section, String field, int byDefault) {
        String text = section.string(field).orElse(byDefault + "%");
        Matcher matcher = PERCENT.matcher(text);
        if (!matcher.matches()) {
            section.wrong(field, "is '" + text + "', not a percentage", "write it like 10%");
            return byDefault;
        }
        return Integer.parseInt(matcher.group(1));
    }
}
