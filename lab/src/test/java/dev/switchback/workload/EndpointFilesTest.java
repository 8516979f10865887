package dev.switchback.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.spec.DocumentReader;
import dev.switchback.spec.EndpointFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointFilesTest {
    private static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: shop, namespace: shop}
            spec:
              strategy: offline
              source: {zalando: {cluster: old}}
              target: {cnpg: {cluster: new}}
              writers: [deployment/web]
              endpoints:
                map: {old-pooler: new-rw, old-repl: new-ro}
                in: [{file: conf/db.env, keys: [DB_HOST, DATABASE_URL]}]
            """;

    @TempDir Path folder;

    private EndpointFiles files() {
        var migration = DocumentReader.parse(folder.resolve("migration.yaml").toString(), DOCUMENT);
        EndpointNames names = new EndpointNames(migration.endpoints().map(), "shop", "shop");
        return new EndpointFiles(migration, names);
    }

    private Path write(byte[] content) throws IOException {
        Path file = folder.resolve("conf/db.env");
        Files.createDirectories(folder.resolve("conf"));
        return Files.write(file, content);
    }

    private Path write(String content) throws IOException {
        return write(content.getBytes(StandardCharsets.UTF_8));
    }

    private List<Code> codes() {
        return files().problems().stream().map(Problem::code).toList();
    }

    @Test
    void onlyHostNamesChangeAndEveryOtherByteStays() throws Exception {
        byte[] odd = {' ', (byte) 0xff, (byte) 0xfe, 0};
        String before =
                """
                \ufeffDB_HOST=old-pooler\r
                # old-pooler is gone soon\r

                  DB_PORT=5432
                DATABASE_URL="postgres://old-pooler:p@old-pooler:5432/old-pooler"
                OTHER=old-pooler
                NAME=schön\
                """;
        byte[] bytes = concat(before.getBytes(StandardCharsets.UTF_8), odd);
        Path file = write(bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        EndpointFiles files = files();
        EndpointFile one = files.all().getFirst();
        EndpointFiles.Kept kept = files.keep(one);

        files.write(one, kept.content());

        String after =
                before.replace("DB_HOST=old-pooler", "DB_HOST=new-rw")
                        .replace("@old-pooler:5432", "@new-rw:5432");
        assertThat(Files.readAllBytes(file))
                .isEqualTo(concat(after.getBytes(StandardCharsets.UTF_8), odd));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(files.pending()).isEmpty();
        files.write(one, kept.content());
        files.restore(one, kept.content(), kept.rewritten());
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(files.restored(one, kept.content())).isTrue();
        try (var left = Files.list(folder.resolve("conf"))) {
            assertThat(left).containsExactly(file);
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] all = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    @Test
    void behindASymbolicLinkTheRealFileIsReplacedAndTheLinkStays() throws Exception {
        Path real = Files.writeString(folder.resolve("real.env"), "DB_HOST=old-pooler\n");
        Files.createDirectories(folder.resolve("conf"));
        Path link = Files.createSymbolicLink(folder.resolve("conf/db.env"), real);
        EndpointFiles files = files();
        EndpointFile one = files.all().getFirst();

        files.write(one, files.keep(one).content());

        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("DB_HOST=new-rw");
    }

    @Test
    void aFileThatSomebodyElseChangedIsLeftAloneForwardAndBack() throws Exception {
        Path file = write("DB_HOST=old-pooler\nDATABASE_URL=x\n");
        EndpointFiles files = files();
        EndpointFile one = files.all().getFirst();
        EndpointFiles.Kept kept = files.keep(one);
        write("DB_HOST=old-pooler\nDATABASE_URL=x\nMORE=1\n");
        assertThatThrownBy(() -> files.write(one, kept.content()))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.ENDPOINT_FILE_CHANGED));
        // nothing of ours is in it, so there is nothing to take back either
        files.restore(one, kept.content(), kept.rewritten());
        assertThat(file).hasContent("DB_HOST=old-pooler\nDATABASE_URL=x\nMORE=1");

        write("DB_HOST=new-rw\nDATABASE_URL=x\nMORE=1\n");
        assertThatThrownBy(() -> files.restore(one, kept.content(), kept.rewritten()))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.ENDPOINT_FILE_CHANGED));
        assertThat(file).hasContent("DB_HOST=new-rw\nDATABASE_URL=x\nMORE=1");
    }

    @Test
    void whatCannotBeEditedIsFoundBeforeAnythingHappens() throws Exception {
        assertThat(codes()).containsExactly(Code.ENDPOINT_FILE);
        Files.createDirectories(folder.resolve("conf/db.env"));
        assertThat(codes()).containsExactly(Code.ENDPOINT_FILE);
        Files.delete(folder.resolve("conf/db.env"));
        write("x".repeat(EndpointFiles.LIMIT + 1));
        assertThat(codes()).containsExactly(Code.ENDPOINT_FILE);
        write("DB_HOST=old-pooler\nno value here\n");
        assertThat(files().problems())
                .extracting(Problem::code, Problem::object)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(Code.ENDPOINT_FILE, "conf/db.env:2"),
                        org.assertj.core.api.Assertions.tuple(
                                Code.ENDPOINT_MISSING, "conf/db.env"));
        write("DB_HOST=old-pooler\nDATABASE_URL=postgres://old-repl/x\n");
        assertThat(codes()).isEmpty();
    }

    @Test
    void aReplacementThatIsRefusedLeavesTheFileAsItWas() throws Exception {
        Path file = write("DB_HOST=old-pooler\n");
        // a folder that is not empty stands where the new content would be written
        Files.createDirectories(folder.resolve("conf/.db.env.switchback/in-the-way"));
        EndpointFiles files = files();
        EndpointFile one = files.all().getFirst();

        assertThatThrownBy(() -> files.write(one, files.keep(one).content()))
                .isInstanceOfSatisfying(
                        SwitchbackException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.ENDPOINT_FILE_READ_ONLY));
        assertThat(file).hasContent("DB_HOST=old-pooler");
    }
}
