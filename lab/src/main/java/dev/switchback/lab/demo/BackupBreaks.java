package dev.switchback.lab.demo;

import dev.switchback.lab.kube.MastodonCluster;
import dev.switchback.lab.s3.S3Server;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;

/** Defects in where the safety backup goes. */
final class BackupBreaks {
    static final List<Break> ALL =
            List.of(
                    new Break(
                            "backup-bucket-refusing",
                            "the bucket of the safety backup refuses the access key in its Secret",
                            "check-backup",
                            "SB-453",
                            new InBucket(
                                    Map.of(
                                            "AWS_ACCESS_KEY_ID",
                                            S3Server.KEY_ID,
                                            "AWS_SECRET_ACCESS_KEY",
                                            "not the key"))),
                    new Break(
                            "backup-key-missing",
                            "the Secret of the backup's bucket lacks the secret access key",
                            "check-backup",
                            "SB-211",
                            new InBucket(Map.of("AWS_ACCESS_KEY_ID", S3Server.KEY_ID))));

    private BackupBreaks() {}

    /** A real S3 server, and a Secret that does not open it. */
    private record InBucket(Map<String, String> login) implements Break.Planting {
        @Override
        public String document(String document, Lab lab) {
            S3Server s3 = lab.closing(S3Server.start("backups"));
            lab.kube()
                    .client()
                    .secrets()
                    .inNamespace(MastodonCluster.NAMESPACE)
                    .resource(
                            new SecretBuilder()
                                    .withNewMetadata()
                                    .withName("backup-s3")
                                    .endMetadata()
                                    .withStringData(login)
                                    .build())
                    .create();
            return document
                    + """
                      backup:
                        mode: dump
                        to: {s3: {bucket: backups, secret: backup-s3, endpoint: "%s"}}
                        keyTables: [accounts, statuses, users]
                    """
                            .formatted(s3.endpoint());
        }
    }
}
