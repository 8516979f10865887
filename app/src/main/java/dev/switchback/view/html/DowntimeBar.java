package dev.switchback.view.html;

import dev.switchback.view.html.Outage.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An outage drawn to scale: what happened above, the write pause below it, and what was predicted
 * under both at the same scale. A picture only: the table beside it says the same in words.
 */
final class DowntimeBar {
    private static final double WIDTH = 1000;

    private final Html html;
    private final Outage outage;
    private final double predicted;
    private final double scale;

    DowntimeBar(Html html, Outage outage) {
        this.html = html;
        this.outage = outage;
        this.predicted =
                outage.parts().stream()
                        .mapToDouble(p -> p.expected() == null ? 0 : p.expected())
                        .sum();
        this.scale = WIDTH / Math.max(0.001, Math.max(outage.seconds(), predicted));
    }

    void write() {
        html.open("figure", "class", "bar");
        begin(44, outage.way() + ": " + words());
        for (Part part : outage.parts()) {
            rect(part.kind().word(), at(part.from()), part.seconds() * scale, 0, 30);
        }
        Outage.Pause pause = outage.pause();
        if (pause != null) {
            rect("pause", at(pause.from()), pause.seconds() * scale, 36, 8);
        }
        html.close().line();
        if (predicted > 0) {
            begin(12, "Predicted: " + Words.seconds(predicted));
            double x = 0;
            for (Part part : outage.parts()) {
                double width = part.expected() == null ? 0 : part.expected() * scale;
                rect(part.kind().word(), x, width, 0, 12);
                x += width;
            }
            html.close().line();
        }
        axis();
        caption(pause);
        html.close().line();
    }

    private void begin(int height, String label) {
        html.open(
                "svg",
                "role",
                "img",
                "aria-label",
                label,
                "viewBox",
                "0 0 1000 " + height,
                "preserveAspectRatio",
                "none",
                "height",
                String.valueOf(height));
        html.open("rect", "class", "ground", "width", "1000", "height", String.valueOf(height))
                .close();
    }

    /** What is too short to be seen is drawn as a hair. */
    private void rect(String kind, double x, double width, int y, int height) {
        if (width <= 0) {
            return;
        }
        html.open(
                        "rect",
                        "class",
                        "part " + kind,
                        "x",
                        number(Math.min(x, WIDTH - 2)),
                        "width",
                        number(Math.max(2, width)),
                        "y",
                        String.valueOf(y),
                        "height",
                        String.valueOf(height))
                .close();
    }

    private void axis() {
        double whole = WIDTH / scale;
        html.open("div", "class", "axis", "aria-hidden", "true");
        for (double share : List.of(0.0, 0.5, 1.0)) {
            html.leaf("span", Words.seconds(whole * share));
        }
        html.close().line();
    }

    private void caption(Outage.@Nullable Pause pause) {
        html.open("figcaption")
                .text("Above: what happened. ")
                .text(
                        pause == null
                                ? ""
                                : "The thin line below it: the write pause, "
                                        + Words.seconds(pause.seconds())
                                        + " from the fence until the other side was open. ")
                .text(predicted > 0 ? "Last: what was predicted, at the same scale." : "")
                .close()
                .line();
    }

    private String words() {
        return Words.seconds(outage.seconds())
                + " without service: "
                + outage.parts().stream()
                        .map(p -> p.kind().words() + " " + Words.seconds(p.seconds()))
                        .collect(Collectors.joining(", "));
    }

    private double at(Instant instant) {
        return Duration.between(outage.begun(), instant).toMillis() / 1000.0 * scale;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
