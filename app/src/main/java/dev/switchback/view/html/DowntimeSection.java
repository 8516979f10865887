package dev.switchback.view.html;

import dev.switchback.view.html.Outage.Part;
import java.time.Duration;
import java.util.List;

/** Each time without service: drawn, and as a table. */
record DowntimeSection(Material material) implements Section {
    @Override
    public String id() {
        return "downtime";
    }

    @Override
    public String title() {
        return "Time without service";
    }

    @Override
    public void write(Html html) {
        List<Outage> outages = Outage.of(material);
        if (outages.isEmpty()) {
            Parts.none(html, "The journal knows of no time without service in this attempt.");
            return;
        }
        for (Outage outage : outages) {
            if (outage.ended()) {
                html.leaf("h3", outage.way() + ": " + Words.seconds(outage.seconds()));
            } else {
                html.leaf(
                        "h3",
                        outage.way()
                                + ": not ended, "
                                + Words.seconds(outage.seconds())
                                + " so far");
            }
            html.leaf(
                            "p",
                            "From "
                                    + Words.time(outage.begun())
                                    + ", when the first writer was to stop, until "
                                    + Words.clock(outage.until())
                                    + (outage.ended()
                                            ? ", when every writer was ready again."
                                            : ", the last that the journal knows."))
                    .line();
            new DowntimeBar(html, outage).write();
            table(html, outage);
        }
        html.leaf(
                        "p",
                        "Times are of the journal's clock. What lies between two steps counts to the"
                                + " later one. What single clients saw is not known here.",
                        "class",
                        "note")
                .line();
    }

    private static void table(Html html, Outage outage) {
        html.open(
                        "div",
                        "class",
                        "scroll",
                        "role",
                        "region",
                        "aria-label",
                        outage.way() + ", part by part",
                        "tabindex",
                        "0")
                .open("table")
                .leaf("caption", outage.way() + ", part by part")
                .open("thead")
                .open("tr");
        html.leaf("th", "Part and its steps", "scope", "col");
        for (String head : List.of("After", "Took", "Predicted")) {
            html.leaf("th", head, "scope", "col", "class", "number");
        }
        html.close().close().open("tbody").line();
        for (Part part : outage.parts()) {
            html.open("tr").open("th", "scope", "row");
            swatch(html, part.kind().word());
            html.text(part.kind().words())
                    .leaf("span", String.join(", ", part.steps()), "class", "of")
                    .close();
            double after = Duration.between(outage.begun(), part.from()).toMillis() / 1000.0;
            html.leaf("td", Words.seconds(after), "class", "number")
                    .leaf("td", Words.seconds(part.seconds()), "class", "number");
            Double expected = part.expected();
            html.leaf("td", expected == null ? "–" : Words.seconds(expected), "class", "number")
                    .close()
                    .line();
        }
        html.close().close().close().line();
    }

    private static void swatch(Html html, String kind) {
        html.open("svg", "class", "swatch", "width", "12", "height", "12", "aria-hidden", "true")
                .open("rect", "class", "part " + kind, "width", "12", "height", "12")
                .close()
                .close()
                .text(" ");
    }
}
