package dev.switchback.pg;

import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.fault.SwitchbackException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that a server or a pooler shows to whoever asks, whether or not it is any good.
 * No login is made: PostgreSQL's SSLRequest, the handshake, and the connection is closed.
 *
 * @param chain the server's own first
 * @param protocol as negotiated, {@code TLSv1.3}
 */
public record PresentedCertificate(List<X509Certificate> chain, String protocol) {
    private static final int SSL_REQUEST = 80877103;
    private static final int CONNECT_MILLIS = 5_000;

    public PresentedCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * @param host the name sent along (SNI)
     * @param hostAddress what to connect to, when {@code host} does not resolve here
     * @throws SwitchbackException PG_UNREACHABLE, or PG_TLS when the server does not offer TLS
     */
    public static PresentedCertificate of(String host, @Nullable String hostAddress, int port) {
        String where = host + ":" + port;
        try (Socket plain = new Socket()) {
            plain.connect(
                    new InetSocketAddress(hostAddress == null ? host : hostAddress, port),
                    CONNECT_MILLIS);
            plain.setSoTimeout(CONNECT_MILLIS);
            DataOutputStream out = new DataOutputStream(plain.getOutputStream());
            out.writeInt(8);
            out.writeInt(SSL_REQUEST);
            out.flush();
            int answer = plain.getInputStream().read();
            if (answer != 'S') {
                throw new SwitchbackException(
                        Code.PG_TLS,
                        where,
                        answer < 0
                                ? "closed the connection when asked for TLS"
                                : "does not offer TLS",
                        "switch TLS on there");
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new LookOnly()}, null);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
                socket.startHandshake();
                List<X509Certificate> chain = new ArrayList<>();
                for (var certificate : socket.getSession().getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
                return new PresentedCertificate(chain, socket.getSession().getProtocol());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new SwitchbackException(
                    new Problem(
                            e instanceof javax.net.ssl.SSLException
                                            || e instanceof GeneralSecurityException
                                    ? Code.PG_TLS
                                    : Code.PG_UNREACHABLE,
                            where,
                            "no TLS handshake: " + e.getMessage(),
                            e instanceof SocketException
                                    ? "check that the Service has a ready pod and is reachable from here"
                                    : "check the server's TLS settings"),
                    e);
        }
    }

    public Instant expires() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** Issued by itself, as Spilo's own is: no CA can vouch for it. */
    public boolean selfSigned() {
        X509Certificate own = chain.getFirst();
        return own.getSubjectX500Principal().equals(own.getIssuerX500Principal());
    }

    /**
     * Why a client that trusts these CAs would refuse it, apart from its date; empty when it would
     * not.
     *
     * @param caPem PEM text of one or more CAs
     */
    public Optional<String> untrustedBy(String caPem) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Set<TrustAnchor> anchors = new HashSet<>();
            try (InputStream in =
                    new java.io.ByteArrayInputStream(
                            caPem.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
                for (var ca : factory.generateCertificates(in)) {
                    anchors.add(new TrustAnchor((X509Certificate) ca, null));
                }
            }
            if (anchors.isEmpty()) {
                return Optional.of("the CA bundle holds no certificate");
            }
            List<X509Certificate> path =
                    chain.stream()
                            .filter(c ->
                                    anchors.stream().noneMatch(a -> c.equals(a.getTrustedCert())))
                            .toList();
            if (path.isEmpty()) {
                return Optional.empty();
            }
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            // its date is judged apart: an expired certificate of the right CA is another finding
            Instant now = Instant.now();
            parameters.setDate(Date.from(now.isAfter(expires()) ? expires().minusSeconds(1) : now));
            CertPathValidator.getInstance("PKIX")
                    .validate(factory.generateCertPath(path), parameters);
            return Optional.empty();
        } catch (GeneralSecurityException | IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The same, with the CAs of a file. */
    public Optional<String> untrustedBy(Path caFile) {
        try {
            return untrustedBy(Files.readString(caFile));
        } catch (IOException e) {
            return Optional.of("the CA file cannot be read: " + e.getMessage());
        }
    }

    /** Whether a client that calls the server by this name accepts it ({@code verify-full}). */
    public boolean names(String host) {
        String wanted = IDN.toASCII(host).toLowerCase(Locale.ROOT);
        return names().stream()
                .map(n -> n.toLowerCase(Locale.ROOT))
                .anyMatch(name ->
                        name.equals(wanted)
                                || (name.startsWith("*.")
                                        && wanted.indexOf('.') > 0
                                        && wanted.substring(wanted.indexOf('.'))
                                                .equals(name.substring(1))));
    }

    /** The DNS names it was issued for. */
    public List<String> names() {
        try {
            List<String> names = new ArrayList<>();
            var alternatives = chain.getFirst().getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (Integer.valueOf(2).equals(alternative.get(0))) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
            return names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Accepts anything: the certificate is looked at, nothing is ever sent over the connection. */
    private static final class LookOnly extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
