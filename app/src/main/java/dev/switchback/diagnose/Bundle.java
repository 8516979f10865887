package dev.switchback.diagnose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Everything that was gathered, as one archive to send to somebody: {@code switchback-<name>/…},
 * the same names each time. Every text goes through the {@link Redactor} once more on its way in.
 */
public final class Bundle {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String LEFT_OUT =
            """
            Left out on purpose:
              values of Secrets, passwords, verifiers, keys, tokens and logins in URLs: each is [redacted];
              lines of logs that do not complain about the database, and literals of statements in those that do;
              rows of tables; ConfigMaps; arguments of programs.
            """;

    private Bundle() {}

    /**
     * Writes the archive, readable by its owner only; a file that exists is not replaced.
     *
     * @param document the migration document as it was read
     * @param printed the result as the command prints it, JSON
     * @param version of this program
     * @return what is inside, file by file
     * @throws SwitchbackException BUNDLE_FAILED
     */
    public static List<String> write(
            Path file, Diagnosis diagnosis, String document, String printed, String version) {
        Evidence evidence = diagnosis.evidence();
        String top = "switchback-" + evidence.situation().migration().name() + "/";
        SortedMap<String, String> files = new TreeMap<>();
        files.put("version.txt", version + "\n");
        files.put("migration.yaml", document);
        files.put("diagnosis.json", printed + "\n");
        for (Map.Entry<String, ArrayNode> topic : topics(evidence).entrySet()) {
            files.put("evidence/" + topic.getKey() + ".json", json(topic.getValue()) + "\n");
        }
        files.putAll(evidence.texts());
        files.put("CONTENTS.txt", contents(files, evidence));
        byte[] archive = archive(top, files, diagnosis);
        try {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(file, archive, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw failed(file, "is there already", "name another file, or remove it", e);
        } catch (IOException | UnsupportedOperationException e) {
            throw failed(
                    file,
                    "cannot be written: " + e.getMessage(),
                    "name a file in a folder that can be written",
                    e);
        }
        return List.copyOf(files.keySet());
    }

    private static SwitchbackException failed(
            Path file, String what, String remedy, Exception cause) {
        return new SwitchbackException(
                new Problem(Code.BUNDLE_FAILED, file.toString(), what, remedy), cause);
    }

    private static byte[] archive(
            String top, SortedMap<String, String> files, Diagnosis diagnosis) {
        Redactor redactor = diagnosis.evidence().redactor();
        var bytes = new java.io.ByteArrayOutputStream();
        try (Tar tar = new Tar(new GZIPOutputStream(bytes), diagnosis.at())) {
            for (Map.Entry<String, String> entry : files.entrySet()) {
                tar.file(
                        top + entry.getKey(),
                        redactor.text(entry.getValue()).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private static Map<String, ArrayNode> topics(Evidence evidence) {
        Map<String, ArrayNode> topics = new LinkedHashMap<>();
        for (Seen seen : evidence.all()) {
            ObjectNode node =
                    topics.computeIfAbsent(seen.topic().word(), t -> JSON.createArrayNode())
                            .addObject();
            node.put("object", seen.object());
            seen.values().forEach(node::put);
        }
        return topics;
    }

    private static String json(ArrayNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts have no JSON", e);
        }
    }

    private static String contents(SortedMap<String, String> files, Evidence evidence) {
        StringBuilder text = new StringBuilder("Inside:\n  CONTENTS.txt\n");
        files.keySet().forEach(name -> text.append("  ").append(name).append('\n'));
        text.append('\n').append(LEFT_OUT).append("\nCould not be looked at:\n");
        if (evidence.gaps().isEmpty()) {
            text.append("  nothing\n");
        }
        for (Unread gap : evidence.gaps()) {
            text.append("  ").append(gap.what()).append(": ").append(gap.why()).append('\n');
        }
        return text.append("\nSecrets known by value: ")
                .append(evidence.redactor().known())
                .append('\n')
                .toString();
    }
}
