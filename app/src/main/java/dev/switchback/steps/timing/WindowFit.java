package dev.switchback.steps.timing;

import dev.switchback.estimate.Span;
import dev.switchback.fault.Code;
import dev.switchback.fault.Problem;
import dev.switchback.spec.Window;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A window and the cutover that is to happen in it. A day counts for the window that opens on it,
 * also when that one ends on the next.
 *
 * @param cutover the predicted length of the cutover
 */
public record WindowFit(Window window, Span cutover) {
    private static final String OBJECT = "spec.window";
    private static final Duration DAY = Duration.ofDays(1);

    /** How long the window is open. */
    Duration length() {
        Duration between = Duration.between(window.from(), window.to());
        return between.isPositive() ? between : between.plus(DAY);
    }

    /** The longest cutover that is accepted. */
    public Duration allowed() {
        return window.maxLength().filter(m -> m.compareTo(length()) < 0).orElse(length());
    }

    /** Even the upper end of the prediction fits. */
    public boolean fits() {
        return cutover.high() <= allowed().toSeconds();
    }

    /**
     * How long it stays open; empty when it is closed. Windows that follow each other without a gap
     * are one, up to a week.
     *
     * @param now UTC
     */
    public Optional<Duration> openFor(LocalDateTime now) {
        for (int daysAgo = 0; daysAgo <= 1; daysAgo++) {
            LocalDate day = now.toLocalDate().minusDays(daysAgo);
            LocalDateTime opened = day.atTime(window.from());
            LocalDateTime end = opened.plus(length());
            if (opensOn(day) && !now.isBefore(opened) && now.isBefore(end)) {
                LocalDateTime next = opened.plusDays(1);
                while (opensOn(next.toLocalDate())
                        && !next.isAfter(end)
                        && next.isBefore(now.plusDays(7))) {
                    end = next.plus(length());
                    next = next.plusDays(1);
                }
                return Optional.of(Duration.between(now, end));
            }
        }
        return Optional.empty();
    }

    /** When it opens next, from a time at which it is closed; empty when it never does. */
    public Optional<LocalDateTime> opensAfter(LocalDateTime now) {
        return Stream.iterate(now.toLocalDate(), day -> day.plusDays(1))
                .limit(8)
                .filter(this::opensOn)
                .map(day -> day.atTime(window.from()))
                .filter(opening -> opening.isAfter(now))
                .findFirst();
    }

    /** The dates of a blackout that a cutover would touch that begins now. */
    public Optional<Window.Dates> blackout(LocalDateTime now) {
        LocalDate from = now.toLocalDate();
        LocalDate to = now.plusNanos((long) (cutover.high() * 1e9)).toLocalDate();
        return window.blackout().stream()
                .filter(dates -> !dates.last().isBefore(from) && !dates.first().isAfter(to))
                .findFirst();
    }

    private boolean opensOn(LocalDate day) {
        return window.days().isEmpty() || window.days().contains(day.getDayOfWeek());
    }

    /**
     * What keeps a cutover from the window that begins at this time; empty when it fits.
     *
     * @param basis of the prediction: measured or assumed
     * @param begin UTC
     */
    public List<Problem> against(String basis, LocalDateTime begin) {
        List<Problem> problems = new ArrayList<>(length(basis).stream().toList());
        problems.addAll(time(begin));
        return problems;
    }

    /** That it is too long for the window, whenever it begins. */
    Optional<Problem> length(String basis) {
        return fits()
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                Code.WINDOW_TOO_SHORT,
                                OBJECT,
                                "the cutover is predicted at "
                                        + cutover.words()
                                        + ", rates "
                                        + basis
                                        + "; the window is "
                                        + words(),
                                "lengthen spec.window.utc or raise spec.window.maxLength; 'switchback plan' shows which step takes longest",
                                "a cutover that outlasts its window is stopped service that nobody was told of"));
    }

    /** That it must not begin then, whether or not it is short enough. */
    List<Problem> time(LocalDateTime begin) {
        List<Problem> problems = new ArrayList<>();
        Optional<Duration> open = openFor(begin);
        if (open.isEmpty()) {
            problems.add(
                    outside(
                            "is not open at "
                                    + shown(begin)
                                    + opensAfter(begin)
                                            .map(o -> "; it opens at " + shown(o))
                                            .orElse(""),
                            "run migrate in it, --until prepare before it"));
        } else if (cutover.high() > open.get().toSeconds()) {
            problems.add(
                    outside(
                            "closes in "
                                    + Span.words(open.get())
                                    + ", the cutover may take "
                                    + Span.words(cutover.high()),
                            "begin it earlier in the window"));
        }
        blackout(begin)
                .ifPresent(dates ->
                        problems.add(
                                new Problem(
                                        Code.IN_BLACKOUT,
                                        OBJECT,
                                        "a cutover that begins at "
                                                + shown(begin)
                                                + " and may take "
                                                + Span.words(cutover.high())
                                                + " touches the blackout "
                                                + dates,
                                        "begin it so that it ends before these dates, or after them",
                                        "on these dates nobody is to stop the service")));
        return problems;
    }

    private Problem outside(String what, String remedy) {
        return new Problem(
                Code.WINDOW_CLOSED,
                OBJECT,
                "the window " + words() + " " + what,
                remedy,
                "users were told when the service stops");
    }

    private static String shown(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.MINUTES) + " UTC";
    }

    /** As the document writes it: {@code 02:00-06:00 UTC on tue, wed, at most 4.0 h}. */
    public String words() {
        String days =
                window.days().stream()
                        .sorted(Comparator.naturalOrder())
                        .map(d ->
                                d.getDisplayName(TextStyle.SHORT, Locale.ENGLISH)
                                        .toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return window.from()
                + "-"
                + window.to()
                + " UTC"
                + (days.isEmpty() ? "" : " on " + days)
                + ", at most "
                + Span.words(allowed());
    }
}
