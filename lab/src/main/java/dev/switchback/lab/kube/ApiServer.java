package dev.switchback.lab.kube;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through the API: who, may they, faults, interception, the store, the log.
 *
 * <ol>
 *   <li>an unknown token is a 401, a missing right a 403;
 *   <li>a queued fault that matches decides next, reads included;
 *   <li>an authorized change is shown to the interceptor, with no lock held;
 *   <li>the store applies it, or does not;
 *   <li>the request is logged with what its client was told.
 * </ol>
 */
final class ApiServer {
    /** Never logged and never intercepted: the lab's own hands. */
    static final String LAB_USER = "system:lab";

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String ANONYMOUS = "system:anonymous";

    final ApiStore store = new ApiStore();
    final Access access = new Access();
    final Faults faults = new Faults();
    final Discovery discovery = new Discovery();
    final PodLogs logs = new PodLogs();
    private final List<Request> log = new CopyOnWriteArrayList<>();
    private volatile Interceptor interceptor = mutation -> Interceptor.Verdict.PROCEED;

    void intercept(Interceptor next) {
        interceptor = next;
    }

    List<Request> log() {
        return List.copyOf(log);
    }

    /** One request as it came in. */
    record Incoming(
            String method,
            String uri,
            @Nullable String authorization,
            String contentType,
            String body) {}

    /** Empty when the client is never to be answered. */
    Optional<Answer> handle(Incoming request) {
        Instant at = Instant.now();
        Optional<Access.User> user = access.user(request.authorization());
        Outcome outcome = user.map(u -> serve(request, u)).orElseGet(ApiServer::unauthorized);
        record(request, user, outcome, 0, at);
        return outcome.answer();
    }

    private void record(
            Incoming request,
            Optional<Access.User> user,
            Outcome outcome,
            int statusWithoutAnswer,
            Instant at) {
        String name = user.map(Access.User::name).orElse(ANONYMOUS);
        if (!name.equals(LAB_USER)) {
            log.add(
                    new Request(
                            request.method(),
                            request.uri(),
                            name,
                            outcome.answer().map(Answer::status).orElse(statusWithoutAnswer),
                            outcome.applied(),
                            at));
        }
    }

    /** Whether a watch may be opened; when not, why. */
    Optional<Answer> refusal(Incoming request) {
        Instant at = Instant.now();
        Optional<Access.User> user = access.user(request.authorization());
        Optional<Answer> refusal =
                user.isEmpty()
                        ? unauthorized().answer()
                        : ApiPath.parse(request.uri())
                                .flatMap(path -> forbidden(path, request.method(), user.get()));
        record(request, user, new Outcome(refusal, false), SWITCHING_PROTOCOLS, at);
        return refusal;
    }

    private record Outcome(Optional<Answer> answer, boolean applied) {
        static Outcome told(Answer answer) {
            return new Outcome(Optional.of(answer), false);
        }
    }

    private static Outcome unauthorized() {
        return Outcome.told(Answer.failure(401, "Unauthorized", "Unauthorized"));
    }

    private Outcome serve(Incoming request, Access.User user) {
        Optional<ApiPath> parsed = ApiPath.parse(request.uri());
        if (parsed.isEmpty()) {
            return Outcome.told(discovery.answer(request.uri()));
        }
        ApiPath path = parsed.get();
        try {
            if (path.isReview()) {
                return Outcome.told(access.review(user, path, Patches.read(request.body())));
            }
            Optional<Answer> refusal = forbidden(path, request.method(), user);
            if (refusal.isPresent()) {
                return Outcome.told(refusal.get());
            }
            if (!discovery.serves(path)) {
                return Outcome.told(
                        Answer.failure(
                                404,
                                "NotFound",
                                "the server could not find the requested resource"));
            }
            return faulty(request, path, user);
        } catch (IllegalArgumentException | ClassCastException e) {
            return Outcome.told(Answer.badRequest(path, String.valueOf(e.getMessage())));
        }
    }

    private Optional<Answer> forbidden(ApiPath path, String method, Access.User user) {
        ApiPath.Attributes wish = path.attributes(method);
        return access.allows(user, wish)
                ? Optional.empty()
                : Optional.of(Answer.forbidden(path, user.name(), wish));
    }

    private Outcome faulty(Incoming request, ApiPath path, Access.User user) {
        Request described =
                new Request(request.method(), request.uri(), user.name(), 0, false, Instant.now());
        Optional<Fault> fault =
                user.name().equals(LAB_USER) ? Optional.empty() : faults.take(described);
        if (fault.isEmpty()) {
            return intercepted(request, path, user);
        }
        return switch (fault.get()) {
            case Fault.Status(int code, boolean applied) ->
                    new Outcome(
                            Optional.of(Answer.fault(code)),
                            applied && apply(request, path).applied());
            case Fault.Hang(boolean applied) ->
                    new Outcome(Optional.empty(), applied && apply(request, path).applied());
        };
    }

    private Outcome intercepted(Incoming request, ApiPath path, Access.User user) {
        if (!Request.isMutating(request.method())
                || path.isDryRun()
                || user.name().equals(LAB_USER)) {
            return apply(request, path);
        }
        Mutation mutation =
                Mutation.of(request.method(), request.uri(), path, user.name(), request.body());
        return switch (interceptor.before(mutation)) {
            case Interceptor.Proceed() -> apply(request, path);
            case Interceptor.Drop() -> new Outcome(Optional.empty(), false);
            case Interceptor.Fail(int status) -> Outcome.told(Answer.fault(status));
            case Interceptor.After(Runnable hook, boolean answer) -> {
                Outcome outcome = apply(request, path);
                hook.run();
                yield answer ? outcome : new Outcome(Optional.empty(), outcome.applied());
            }
        };
    }

    private Outcome apply(Incoming request, ApiPath path) {
        Answer answer =
                switch (request.method()) {
                    case "GET" ->
                            path.resource().equals("pods") && path.subresource().equals("log")
                                    ? logs.read(path, store.find(path))
                                    : store.get(path, request.uri());
                    case "POST" -> store.create(path, Patches.read(request.body()));
                    case "PUT" -> store.replace(path, Patches.read(request.body()));
                    case "PATCH" -> store.patch(path, request.contentType(), request.body());
                    case "DELETE" -> delete(path, request);
                    default -> Answer.failure(405, "MethodNotAllowed", request.method());
                };
        return new Outcome(
                Optional.of(answer),
                answer.isSuccess() && Request.isMutating(request.method()) && !path.isDryRun());
    }

    private Answer delete(ApiPath path, Incoming request) {
        if (!path.name().isEmpty()) {
            return store.delete(path, Patches.read(request.body()));
        }
        Answer list = store.get(path, request.uri());
        list.body()
                .path("items")
                .forEach(item ->
                        store.delete(
                                path.in(item.at("/metadata/namespace").asText(""))
                                        .named(item.at("/metadata/name").asText()),
                                Patches.read(request.body())));
        return list;
    }
}
