package dev.switchback.runbook;

import dev.switchback.kube.Kind;
import dev.switchback.kube.Kube;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Migration;
import dev.switchback.steps.cleanup.RemoveKept;
import dev.switchback.steps.endpoints.SwitchEndpoints;
import dev.switchback.store.cluster.CapturedValues;
import dev.switchback.store.cluster.ClusterJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The CA that the document names for the source, as a file that libpq and the driver read. */
final class SourceCa {
    private SourceCa() {}

    /**
     * The CA that the writers trust today is the CA of the source; without one Spilo's certificate
     * is not checked.
     */
    static Optional<Path> file(Kube kube, Kube targetKube, Migration migration, Path work) {
        Optional<Secret> pem =
                migration
                        .endpoints()
                        .ca()
                        .flatMap(ca -> trustedCa(kube, targetKube, migration, ca));
        return pem.map(text -> {
            try {
                return Files.writeString(work.resolve("source-ca.crt"), text.reveal());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Once the endpoints are switched the bundle holds the target's CA; {@code switch-endpoints}
     * kept the old one.
     */
    private static Optional<Secret> trustedCa(
            Kube kube, Kube targetKube, Migration migration, Migration.Ca ca) {
        Optional<Secret> bundle =
                kube.get(Kind.SECRET, migration.namespace(), ca.secret())
                        .flatMap(s -> s.secret(ca.key()));
        Optional<Secret> targets =
                targetKube
                        .get(Kind.SECRET, migration.target().namespace(), ca.with())
                        .flatMap(s -> s.secret(ca.key()));
        return bundle.isPresent() && bundle.equals(targets)
                ? new CapturedValues(kube, migration.namespace(), migration.name())
                        .find(SwitchEndpoints.SOURCE_CA)
                        .or(() -> journalledCa(kube, migration))
                        .or(() -> bundle)
                : bundle;
    }

    /** After a cleanup, which deletes what {@code switch-endpoints} kept. */
    private static Optional<Secret> journalledCa(Kube kube, Migration migration) {
        return new ClusterJournal(kube, migration.namespace(), migration.name())
                .read()
                .flatMap(stored -> stored.state().step(RemoveKept.ID))
                .flatMap(record -> record.evidence().get(RemoveKept.CA))
                .map(Secret::of);
    }
}
