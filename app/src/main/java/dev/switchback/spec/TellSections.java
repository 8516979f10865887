package dev.switchback.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Readers of the document's sections about who is told and called: announce, hooks. */
final class TellSections {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2})%");
    private static final int LEAST_PERCENT = 5;
    private static final Duration LONGEST_TRY = Duration.ofSeconds(60);
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** What the client sets itself. */
    private static final Set<String> NOT_SETTABLE =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private TellSections() {}

    static Announce announce(Fields section) {
        List<Announce.Destination> to = new ArrayList<>();
        List<Fields> entries = section.objects("to");
        for (int i = 0; i < entries.size(); i++) {
            destination("announce.to[" + i + "]", entries.get(i)).ifPresent(to::add);
        }
        Announce byDefault = Announce.NOBODY;
        OnFailure onFailure = onFailure(section);
        int retries = section.integer("retries", byDefault.retries(), 0, 10);
        Duration timeout = timeout(section, byDefault.timeout());
        Map<Announcement, String> templates = templates(section);
        int percent = percent(section);
        section.nothingElse();
        return new Announce(to, onFailure, retries, timeout, templates, percent);
    }

    private static Optional<Announce.Destination> destination(String name, Fields entry) {
        boolean slack = entry.has("slack");
        if (slack == entry.has("webhook")) {
            entry.wrong(
                    "",
                    slack ? "has both slack and webhook" : "names nobody",
                    "write one of slack and webhook");
            entry.optionalObject("slack");
            entry.optionalObject("webhook");
            entry.nothingElse();
            return Optional.empty();
        }
        Announce.Form form = slack ? Announce.Form.SLACK : Announce.Form.WEBHOOK;
        entry.optionalObject(slack ? "webhook" : "slack");
        Fields at = entry.object(form.word());
        HttpCall call;
        if (slack) {
            call = new HttpCall(secretUrl(at), "POST", Map.of());
        } else {
            call = new HttpCall(url(at), "POST", headers(at));
        }
        at.nothingElse();
        entry.nothingElse();
        return Optional.of(new Announce.Destination(name, form, call));
    }

    static List<Hook> hooks(Fields spec, Path folder) {
        List<Hook> hooks = new ArrayList<>();
        List<Fields> entries = spec.objects("hooks");
        for (int i = 0; i < entries.size(); i++) {
            hook("hooks[" + i + "]", entries.get(i), folder).ifPresent(hooks::add);
        }
        return hooks;
    }

    private static Optional<Hook> hook(String name, Fields entry, Path folder) {
        String word = entry.string("at").orElse("");
        Optional<HookMoment> at = HookMoment.of(word);
        if (at.isEmpty()) {
            entry.wrong(
                    "at",
                    "is '" + word + "', not a moment",
                    "write one of " + String.join(", ", HookMoment.words()));
        }
        List<String> words = entry.strings("command");
        Optional<List<String>> command = words.isEmpty() ? Optional.empty() : Optional.of(words);
        Optional<HttpCall> http = http(entry);
        if (command.isPresent() == http.isPresent()) {
            entry.wrong(
                    "",
                    command.isPresent() ? "has both command and http" : "calls nothing",
                    "write one of command and http");
        }
        Duration timeout = entry.duration("timeout", Hook.DEFAULT_TIMEOUT);
        if (!timeout.isPositive()) {
            entry.wrong("timeout", "is 0", "write how long the call may take: 30s");
        }
        OnFailure onFailure = onFailure(entry);
        entry.nothingElse();
        return at.map(a -> new Hook(name, a, command, http, timeout, onFailure, folder));
    }

    private static Optional<HttpCall> http(Fields entry) {
        if (!entry.has("http")) {
            entry.optionalObject("http");
            return Optional.empty();
        }
        Fields call = entry.object("http");
        String method = call.string("method").orElse("POST");
        if (!Set.of("POST", "PUT").contains(method)) {
            call.wrong("method", "is '" + method + "'", "write POST or PUT");
        }
        HttpCall http = new HttpCall(url(call), method, headers(call));
        call.nothingElse();
        return Optional.of(http);
    }

    private static OnFailure onFailure(Fields section) {
        String word = section.string("onFailure").orElse(OnFailure.WARN.word());
        for (OnFailure choice : OnFailure.values()) {
            if (choice.word().equals(word)) {
                return choice;
            }
        }
        section.wrong("onFailure", "is '" + word + "'", "write warn or block");
        return OnFailure.WARN;
    }

    private static Duration timeout(Fields section, Duration byDefault) {
        Duration timeout = section.duration("timeout", byDefault);
        if (!timeout.isPositive() || timeout.compareTo(LONGEST_TRY) > 0) {
            section.wrong(
                    "timeout", "is " + timeout.toSeconds() + " s", "write 1s to 60s, of one try");
            return byDefault;
        }
        return timeout;
    }

    private static int percent(Fields section) {
        String text = section.string("progress").orElse("phase");
        if (text.equals("phase")) {
            return 0;
        }
        var matcher = PERCENT.matcher(text);
        int percent = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        if (percent < LEAST_PERCENT) {
            section.wrong(
                    "progress",
                    "is '" + text + "'",
                    "write phase, or a percentage of the predicted cutover from 5%: 25%");
            return 0;
        }
        return percent;
    }

    private static Map<Announcement, String> templates(Fields section) {
        Map<Announcement, String> templates = new EnumMap<>(Announcement.class);
        section.stringMap("templates")
                .forEach((word, text) -> {
                    String field = "templates." + word;
                    Optional<Announcement> of = Announcement.of(word);
                    of.ifPresent(a -> templates.put(a, text));
                    if (of.isEmpty()) {
                        section.wrong(
                                field,
                                "is no announcement",
                                "known: " + String.join(", ", Announcement.words()));
                    }
                    for (String unknown : Placeholder.unknown(text)) {
                        section.wrong(
                                field,
                                "has the unknown placeholder '" + unknown + "'",
                                "use those of docs/tell.md, written {{migration}}");
                    }
                });
        return templates;
    }

    /** A Slack address lets anybody who has it write there: it is a secret. */
    private static Given secretUrl(Fields at) {
        Given given = at.given("url");
        if (given instanceof Given.Text) {
            at.wrong(
                    "url",
                    "is written in the document, and whoever has it can write there",
                    "keep it in a Secret: url: {secret: NAME, key: url}");
        }
        return given;
    }

    private static Given url(Fields at) {
        Given given = at.given("url");
        if (given instanceof Given.Text(String text) && at.has("url")) {
            HttpCall.problem(text)
                    .ifPresent(what -> at.wrong("url", what, "write an http or https URL"));
        }
        return given;
    }

    private static Map<String, Given> headers(Fields at) {
        Map<String, Given> headers = at.givens("headers");
        for (String name : headers.keySet()) {
            if (!HEADER.matcher(name).matches()
                    || NOT_SETTABLE.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                at.wrong("headers." + name, "is no header that can be set", "remove it");
            }
        }
        return headers;
    }
}
