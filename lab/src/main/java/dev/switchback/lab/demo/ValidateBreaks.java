package dev.switchback.lab.demo;

import dev.switchback.lab.kube.MastodonCluster;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;

/** Defects that only show where the applications would connect. */
final class ValidateBreaks {
    static final List<Break> ALL =
            List.of(
                    new Break(
                            "read-only-endpoint-writable",
                            "the target's read-only pooler leads to the primary",
                            "check-read-only-endpoint",
                            "SB-441",
                            new ToThePrimary("database-pooler-ro", "database-rw")));

    private ValidateBreaks() {}

    /** One Service gets the address of another. */
    private record ToThePrimary(String service, String primary) implements Break.Planting {
        @Override
        public MastodonCluster objects(MastodonCluster cluster) {
            String address =
                    cluster.objects().stream()
                            .filter(Service.class::isInstance)
                            .map(Service.class::cast)
                            .filter(s -> s.getMetadata().getName().equals(primary))
                            .map(s -> s.getSpec().getClusterIP())
                            .findFirst()
                            .orElseThrow();
            return cluster.with(
                    Service.class,
                    "Service",
                    service,
                    s -> new ServiceBuilder(s).editSpec().withClusterIP(address).endSpec().build());
        }
    }
}
