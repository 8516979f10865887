package dev.switchback.steps.backup;

import dev.switchback.backup.BucketAccess;
import dev.switchback.backup.SafetyBackup;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.spec.Backup;
import dev.switchback.steps.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The document's destination as the backup room knows it, with the login of its Secret. */
final class BackupPlace {
    /** As Zalando's and CloudNativePG's own backups name them. */
    private static final List<String> KEY_ID = List.of("AWS_ACCESS_KEY_ID", "ACCESS_KEY_ID");

    private static final List<String> KEY = List.of("AWS_SECRET_ACCESS_KEY", "ACCESS_SECRET_KEY");
    private static final List<String> TOKEN = List.of("AWS_SESSION_TOKEN");
    private static final List<String> CA = List.of("ca.crt");

    private final World world;

    BackupPlace(World world) {
        this.world = world;
    }

    /**
     * @param name of the backup
     * @throws SwitchbackException KUBE_NOT_FOUND or SECRET_INCOMPLETE when the login is not there
     */
    SafetyBackup open(Backup.Destination to, String name) {
        return switch (to) {
            case Backup.Folder(String path) -> SafetyBackup.in(Path.of(path), name);
            case Backup.Bucket bucket -> SafetyBackup.in(access(bucket), name);
        };
    }

    private BucketAccess access(Backup.Bucket bucket) {
        KubeObject object =
                world.kube()
                        .require(
                                Kind.SECRET,
                                world.migration().namespace(),
                                bucket.credentials(),
                                "create it, or correct spec.backup.to.s3.secret");
        return new BucketAccess(
                bucket.bucket(),
                bucket.prefix(),
                bucket.endpoint(),
                bucket.region(),
                required(object, KEY_ID),
                required(object, KEY),
                first(object, TOKEN),
                first(object, CA));
    }

    private static Secret required(KubeObject object, List<String> keys) {
        return first(object, keys)
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.SECRET_INCOMPLETE,
                                object.display(),
                                "has none of the keys " + String.join(", ", keys),
                                "add "
                                        + keys.getFirst()
                                        + " to it: kubectl -n "
                                        + object.namespace()
                                        + " edit secret "
                                        + object.name()));
    }

    private static Optional<Secret> first(KubeObject object, List<String> keys) {
        return keys.stream().flatMap(key -> object.secret(key).stream()).findFirst();
    }
}
