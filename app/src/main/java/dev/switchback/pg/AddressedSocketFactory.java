package dev.switchback.pg;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Connects to a given address whatever the host name in the URL resolves to, so that the
 * certificate is still checked against the name: libpq's {@code hostaddr} for the JDBC driver.
 * Loaded by the driver by name, with the address as argument.
 */
public final class AddressedSocketFactory extends SocketFactory {
    private final String address;

    public AddressedSocketFactory(String address) {
        this.address = address;
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                int port = ((InetSocketAddress) endpoint).getPort();
                super.connect(new InetSocketAddress(InetAddress.getByName(address), port), timeout);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return new Socket(InetAddress.getByName(address), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
            throws IOException {
        return new Socket(InetAddress.getByName(address), port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return new Socket(InetAddress.getByName(address), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
            throws IOException {
        return new Socket(InetAddress.getByName(address), port, local, localPort);
    }
}
