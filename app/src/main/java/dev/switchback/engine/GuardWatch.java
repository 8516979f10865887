package dev.switchback.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts guards in force and takes them out of it as steps are journalled; each is looked at from a
 * thread of its own.
 */
final class GuardWatch implements AutoCloseable {
    private final Session session;
    private final Map<String, GuardPost> posts = new LinkedHashMap<>();

    GuardWatch(Session session) {
        this.session = session;
    }

    /** Brings the posts in line with the journal; returns when every guard in range is in force. */
    void refresh() {
        for (Guard guard : session.runbook().guards()) {
            boolean inRange = session.done(guard.from()) && !session.done(guard.until());
            GuardPost post = posts.get(guard.id());
            if (inRange && post == null) {
                post = new GuardPost(session, guard);
                posts.put(guard.id(), post);
                post.takeUp();
            } else if (!inRange && post != null) {
                posts.remove(guard.id());
                post.leave();
            }
        }
    }

    /** Before anything is undone, and when the run ends. */
    @Override
    public void close() {
        posts.values().forEach(GuardPost::leave);
        posts.clear();
    }
}
