package dev.switchback.spec;

import dev.switchback.spec.Backup.At;
import dev.switchback.spec.Backup.Bucket;
import dev.switchback.spec.Backup.Destination;
import dev.switchback.spec.Backup.Folder;
import dev.switchback.spec.Backup.Mode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reader of {@code spec.backup}. */
final class BackupSection {
    private static final String DEFAULT_REGION = "us-east-1";

    private BackupSection() {}

    static Optional<Backup> read(Fields spec) {
        if (!spec.has("backup")) {
            spec.optionalObject("backup");
            return Optional.empty();
        }
        Fields section = spec.object("backup");
        At at = word(section, "at", At.values(), At.PREPARE);
        Mode mode = word(section, "mode", Mode.values(), Mode.DUMP);
        Optional<Destination> to = destination(section, mode);
        List<String> keyTables = section.strings("keyTables");
        long minSize = Quantity.read(section, "minSize").orElse(0L);
        Duration maxAge = section.duration("maxAge", Backup.DEFAULT_MAX_AGE);
        Optional<Long> maxRate = Quantity.read(section, "maxRate");
        section.nothingElse();
        return Optional.of(new Backup(at, mode, to, keyTables, minSize, maxAge, maxRate));
    }

    private static <E extends Enum<E>> E word(
            Fields section, String field, E[] values, E byDefault) {
        String written = section.string(field).orElse("");
        for (E value : values) {
            if (value.name().toLowerCase(Locale.ROOT).equals(written)) {
                return value;
            }
        }
        if (!written.isEmpty()) {
            List<String> words =
                    Arrays.stream(values).map(v -> v.name().toLowerCase(Locale.ROOT)).toList();
            section.wrong(field, "is '" + written + "'", "write one of " + words);
        }
        return byDefault;
    }

    private static Optional<Destination> destination(Fields section, Mode mode) {
        if (mode != Mode.DUMP && !section.has("to")) {
            section.optionalObject("to");
            return Optional.empty();
        }
        Fields to = section.object("to");
        Optional<String> path = to.string("path");
        Optional<Destination> bucket =
                to.has("s3") ? Optional.of(bucket(to.object("s3"))) : Optional.empty();
        if (bucket.isEmpty()) {
            to.optionalObject("s3");
        }
        if (section.has("to") && path.isPresent() == bucket.isPresent()) {
            to.wrong(
                    "",
                    "needs exactly one of path and s3",
                    "say where the dump goes: {path: /backup} or {s3: {bucket: …, secret: …}}");
        }
        path.filter(p -> !Path.of(p).isAbsolute())
                .ifPresent(p -> to.wrong("path", "is '" + p + "'", "write an absolute path"));
        to.nothingElse();
        return path.<Destination>map(Folder::new).or(() -> bucket);
    }

    private static Destination bucket(Fields s3) {
        String bucket = s3.string("bucket").orElse("");
        if (bucket.isBlank()) {
            s3.missing("bucket", "name the bucket");
        }
        String prefix = s3.string("prefix").orElse("").replaceAll("^/+|/+$", "");
        String secret = s3.name("secret");
        String region = s3.string("region").orElse(DEFAULT_REGION);
        Optional<URI> endpoint = s3.string("endpoint").flatMap(text -> endpoint(s3, text));
        s3.nothingElse();
        return new Bucket(bucket, prefix, secret, endpoint, region);
    }

    private static Optional<URI> endpoint(Fields s3, String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null
                    && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException notAUrl) {
            // told below like every other text that is none
        }
        s3.wrong("endpoint", "is '" + text + "', not a URL", "write https://HOST[:PORT]");
        return Optional.empty();
    }
}
