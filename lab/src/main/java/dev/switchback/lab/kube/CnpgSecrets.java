package dev.switchback.lab.kube;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Credentials as the CloudNativePG operator writes them. */
final class CnpgSecrets {
    private CnpgSecrets() {}

    /**
     * @param type {@code app} or {@code superuser}
     * @param database for the superuser literally {@code *}, which makes the URIs useless
     */
    static Secret of(
            String namespace,
            String cluster,
            String type,
            String user,
            String password,
            String database) {
        String host = cluster + "-rw";
        String fqdn = host + "." + namespace + ".svc.cluster.local";
        Map<String, String> data = new LinkedHashMap<>();
        data.put("username", user);
        data.put("user", user);
        data.put("password", password);
        data.put("dbname", database);
        data.put("host", host);
        data.put("port", "5432");
        data.put("pgpass", "%s:5432:%s:%s:%s\n".formatted(host, database, user, password));
        data.put("uri", uri(user, password, host + "." + namespace, database));
        data.put("jdbc-uri", jdbc(user, password, host + "." + namespace, database));
        data.put("fqdn-uri", uri(user, password, fqdn, database));
        data.put("fqdn-jdbc-uri", jdbc(user, password, fqdn, database));
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(cluster + "-" + type)
                .addToLabels("cnpg.io/cluster", cluster)
                .addToLabels("cnpg.io/reload", "true")
                .addToLabels("cnpg.io/userType", type)
                .endMetadata()
                .withType("kubernetes.io/basic-auth")
                .withStringData(data)
                .build();
    }

    private static String uri(String user, String password, String host, String database) {
        return "postgresql://%s:%s@%s:5432/%s".formatted(user, password, host, database);
    }

    private static String jdbc(String user, String password, String host, String database) {
        return "jdbc:postgresql://%s:5432/%s?password=%s&user=%s"
                .formatted(host, database, password, user);
    }
}
