package dev.switchback.lab.pg;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The network in front of a server, with faults on demand: an address of its own on port 5432 that
 * leads to the server's. Bytes go through as they are, TLS included, so that certificates are
 * judged by name as before.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int PORT = 5432;
    private static final int CHUNK = 16 * 1024;
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final String behind;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;
    private volatile boolean held;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    private TcpProxy(String behind, ServerSocket listener) {
        this.behind = behind;
        this.listener = listener;
    }

    /** In front of this server. */
    public static TcpProxy before(PgServer server) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(
                    new InetSocketAddress(InetAddress.getByName(PgServer.freeAddress()), PORT));
            TcpProxy proxy = new TcpProxy(server.address(), listener);
            Thread.ofVirtual().name("proxy-accept").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The loopback address; the port is always 5432. */
    public String address() {
        return listener.getInetAddress().getHostAddress();
    }

    /** How many connections are open through it. */
    public int connections() {
        return open.size() / 2;
    }

    /** Ends every connection with a reset; new ones are let through. */
    public void cut() {
        open.forEach(TcpProxy::reset);
        open.clear();
    }

    /** Ends every connection and refuses new ones, as a machine that is down. */
    public void down() {
        refusing = true;
        cut();
    }

    /** Nothing goes through any more in either direction, and nobody is told. */
    public void hold() {
        held = true;
    }

    /** At most so many bytes a second through each connection, each way. */
    public void slow(long bytes) {
        bytesPerSecond = bytes;
    }

    /** As at the beginning; what was held goes on. */
    public void restore() {
        refusing = false;
        held = false;
        bytesPerSecond = Long.MAX_VALUE;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("proxy-connect").start(() -> connect(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        if (refusing) {
            reset(client);
            return;
        }
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(behind, PORT));
            open.add(client);
            open.add(server);
            Thread.ofVirtual().name("proxy-up").start(() -> pump(client, server));
            Thread.ofVirtual().name("proxy-down").start(() -> pump(server, client));
        } catch (IOException e) {
            reset(client);
            reset(server);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int length;
            while ((length = in.read(chunk)) >= 0) {
                awaitLetThrough(length);
                out.write(chunk, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            reset(from); // one side is gone, and so will the other be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
            reset(to);
        }
    }

    private void awaitLetThrough(int length) throws InterruptedException {
        long rate = bytesPerSecond;
        if (rate < Long.MAX_VALUE) {
            TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(1) * length / rate);
        }
        while (held && !listener.isClosed()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cut();
        }
    }
}
