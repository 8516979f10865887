package dev.switchback.view.html;

/** A part of the page under a heading of its own. */
interface Section {
    /** The anchor: stable, so that a link into a report keeps working. */
    String id();

    String title();

    /** Writes what stands under the heading. */
    void write(Html html);
}
