package dev.switchback.lab.kube;

/** Something that goes wrong with a request, reads included. */
public sealed interface Fault {
    /** Answered with a status code such as 429, 500 or 503; not applied. */
    static Fault status(int code) {
        return new Status(code, false);
    }

    /** Applied, and answered as if it had failed: 504 is an API that times out after applying. */
    static Fault appliedThenStatus(int code) {
        return new Status(code, true);
    }

    /** Not applied and never answered. */
    static Fault hang() {
        return new Hang(false);
    }

    /** Applied and never answered. */
    static Fault appliedThenHang() {
        return new Hang(true);
    }

    record Status(int code, boolean applied) implements Fault {}

    record Hang(boolean applied) implements Fault {}
}
