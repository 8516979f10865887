package dev.switchback;

public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
