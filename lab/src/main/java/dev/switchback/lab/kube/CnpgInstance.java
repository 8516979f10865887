package dev.switchback.lab.kube;

/** The database of a CloudNativePG Cluster, as its instance manager changes it. */
public interface CnpgInstance {
    /** {@code ALTER ROLE … PASSWORD} and nothing else: LOGIN or NOLOGIN stays as it is. */
    void setPassword(String role, String password);

    /** {@code ALTER ROLE … PASSWORD NULL}. */
    void clearPassword(String role);
}
