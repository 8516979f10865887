package dev.switchback.lab.kube;

/**
 * Decides what becomes of a change between its receipt and its answer. Called on the request's own
 * thread, before anything is persisted and without any lock held: it may block, kill the client and
 * call the API itself, while other requests go on.
 */
@FunctionalInterface
public interface Interceptor {
    Verdict before(Mutation mutation);

    /** What happens to the change. */
    sealed interface Verdict {
        /** Persist and answer. */
        Verdict PROCEED = new Proceed();

        /** Neither persist nor answer; the connection hangs until {@link FakeKube#release}. */
        Verdict DROP = new Drop();

        /** Do not persist; answer with this status code. */
        static Verdict fail(int status) {
            return new Fail(status);
        }

        /** Persist, run the hook, and never answer; the connection hangs as with a drop. */
        static Verdict persistThen(Runnable hook) {
            return new After(hook, false);
        }

        /** Persist, run the hook, then answer. */
        static Verdict persistThenAnswer(Runnable hook) {
            return new After(hook, true);
        }
    }

    record Proceed() implements Verdict {}

    record Drop() implements Verdict {}

    record Fail(int status) implements Verdict {}

    record After(Runnable hook, boolean answer) implements Verdict {}
}
