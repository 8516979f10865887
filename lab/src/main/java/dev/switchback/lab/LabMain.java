package dev.switchback.lab;

public final class LabMain {
    private LabMain() {}

    public static void main(String[] args) {}
}
