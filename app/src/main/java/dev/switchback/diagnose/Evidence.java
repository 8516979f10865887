package dev.switchback.diagnose;

import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.Pg;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * All that was seen. Several looks write at once; nothing enters but through the {@link Redactor}.
 */
public final class Evidence {
    private final Situation situation;
    private final Redactor redactor;
    private final List<Seen> seen = new ArrayList<>();
    private final List<Unread> unread = new ArrayList<>();
    private final SortedMap<String, String> texts = new TreeMap<>();

    Evidence(Situation situation, Redactor redactor) {
        this.situation = situation;
        this.redactor = redactor;
    }

    Situation situation() {
        return situation;
    }

    Redactor redactor() {
        return redactor;
    }

    /**
     * @param namesAndValues alternating; an empty value is left out
     */
    void saw(Topic topic, String object, String... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                values.put(namesAndValues[i], redactor.text(namesAndValues[i + 1]));
            }
        }
        synchronized (seen) {
            seen.add(new Seen(topic, redactor.text(object), values));
        }
    }

    /** Could not be read, so that a cause may go unseen. */
    void unread(String what, String why) {
        note(new Unread(what, redactor.text(why), true));
    }

    /** Is not everywhere, or not for us to read: said, and not counted as a gap. */
    void without(String what, String why) {
        note(new Unread(what, redactor.text(why), false));
    }

    private void note(Unread gap) {
        synchronized (seen) {
            if (!unread.contains(gap)) {
                unread.add(gap);
            }
        }
    }

    /** Reads one part; what fails is told as unread, and the rest is still looked at. */
    <T> Optional<T> tried(String what, Callable<T> reading) throws InterruptedException {
        try {
            return Optional.ofNullable(reading.call());
        } catch (InterruptedException e) {
            throw e;
        } catch (SwitchbackException e) {
            unread(what, e.problem().line());
        } catch (SQLException e) {
            unread(what, Pg.words(e));
        } catch (Exception e) {
            unread(what, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    /** A text for the bundle. */
    void text(String file, String content) {
        synchronized (seen) {
            texts.put(file, redactor.text(content));
        }
    }

    Stream<Seen> of(Topic topic) {
        return all().stream().filter(s -> s.topic() == topic);
    }

    /** In the order of topics and objects, whoever looked first. */
    public List<Seen> all() {
        synchronized (seen) {
            return seen.stream()
                    .sorted(Comparator.comparing(Seen::topic).thenComparing(Seen::object))
                    .toList();
        }
    }

    public List<Unread> gaps() {
        synchronized (seen) {
            return unread.stream().sorted(Comparator.comparing(Unread::what)).toList();
        }
    }

    SortedMap<String, String> texts() {
        synchronized (seen) {
            return new TreeMap<>(texts);
        }
    }
}
