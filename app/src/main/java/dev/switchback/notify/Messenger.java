package dev.switchback.notify;

import dev.switchback.engine.Boundary;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.kube.Kube;
import dev.switchback.spec.Announce;
import dev.switchback.spec.Announce.Destination;
import dev.switchback.spec.Announcement;
import dev.switchback.spec.Migration;
import dev.switchback.spec.OnFailure;
import dev.switchback.spec.Placeholder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Makes announcements out of a document's section and delivers them. */
final class Messenger {
    /** How the names of announcements begin in the journal. */
    static final String ANNOUNCEMENT = "announcement ";

    private final Announce section;
    private final Courier courier;

    /** Whose last announcement failed: it is not waited for over and over. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    Messenger(Migration migration, Kube kube) {
        this.section = migration.announce();
        this.courier = new Courier(kube, migration.namespace());
    }

    Courier courier() {
        return courier;
    }

    int everyPercent() {
        return section.to().isEmpty() ? 0 : section.everyPercent();
    }

    /**
     * One telling for each destination.
     *
     * @param moment the announcement's word, or that with a share: {@code progress 50%}
     */
    List<Telling> tellings(
            Boundary.Kind kind,
            Announcement announcement,
            String moment,
            Supplier<Situation> situation) {
        List<Telling> tellings = new ArrayList<>();
        for (Destination to : section.to()) {
            tellings.add(
                    new Telling(
                            kind,
                            name(moment, to),
                            announcement.canBlock() && section.onFailure() == OnFailure.BLOCK,
                            stopper -> {
                                stopper.checkpoint();
                                return send(announcement, moment, to, situation.get());
                            }));
        }
        return tellings;
    }

    /** For those of a countdown that are passed over. */
    List<Telling> skipped(Announcement announcement) {
        return section.to().stream()
                .map(to ->
                        Telling.skipped(
                                Boundary.Kind.COUNTDOWN,
                                name(announcement.word(), to),
                                "its time was over when the waiting began"))
                .toList();
    }

    private static String name(String moment, Destination to) {
        return ANNOUNCEMENT + moment + " to " + to.name();
    }

    private String send(Announcement announcement, String moment, Destination to, Situation at)
            throws InterruptedException {
        String template = section.templates().getOrDefault(announcement, Texts.ours(announcement));
        Map<Placeholder, String> words = at.words();
        String body =
                switch (to.form()) {
                    case SLACK ->
                            Bodies.slack(Texts.fill(template, words, Texts::forSlack)).toString();
                    case WEBHOOK ->
                            Bodies.announcement(at, Texts.fill(template, words, text -> text))
                                    .toString();
                };
        int retries = failing.contains(to.name()) ? 0 : section.retries();
        try {
            String how =
                    courier.deliver(
                            to.call(),
                            body,
                            section.timeout(),
                            retries,
                            Code.ANNOUNCEMENT_FAILED,
                            to.name() + " " + moment);
            failing.remove(to.name());
            return "sent, " + how;
        } catch (SwitchbackException e) {
            failing.add(to.name());
            throw e;
        }
    }
}
