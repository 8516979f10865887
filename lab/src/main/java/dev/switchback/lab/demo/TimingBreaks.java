package dev.switchback.lab.demo;

import java.util.List;

/** Defects of time. */
final class TimingBreaks {
    static final List<Break> ALL =
            List.of(
                    new Break(
                            "window-too-short",
                            "the maintenance window is shorter than the predicted cutover",
                            "check-window",
                            "SB-460",
                            new WindowOf("{utc: \"00:00-00:00\", maxLength: 1s}")));

    private TimingBreaks() {}

    private record WindowOf(String window) implements Break.Planting {
        @Override
        public String document(String document, Lab lab) {
            return document + "  window: " + window + "\n";
        }
    }
}
