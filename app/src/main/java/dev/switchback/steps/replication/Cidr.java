package dev.switchback.steps.replication;

import java.math.BigInteger;
import java.net.InetAddress;

/** A block of addresses: {@code 10.0.0.0/8}. */
record Cidr(InetAddress address, int bits) {

    /**
     * @throws IllegalArgumentException when it is none; names are never resolved
     */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int all = address.getAddress().length * 8;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("not a block of addresses: " + text);
        }
        return new Cidr(address, bits);
    }

    boolean contains(InetAddress other) {
        byte[] ours = address.getAddress();
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int rest = ours.length * 8 - bits;
        return new BigInteger(1, ours)
                .shiftRight(rest)
                .equals(new BigInteger(1, theirs).shiftRight(rest));
    }
}
