package dev.switchback.view.html;

import dev.switchback.view.Documents.StepView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The positions, digests and counts among the evidence, together. */
record EvidenceSection(Material material) implements Section {
    private static final Pattern POSITION = Pattern.compile("[0-9A-F]{1,8}/[0-9A-F]{1,8}");
    private static final Pattern DIGEST = Pattern.compile("(sha256:)?[0-9a-f]{32,64}");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");
    private static final Pattern COUNTED =
            Pattern.compile(
                    "(rows|bytes|tables|tablesVerified|mismatches|sequences|largeObjects|indexes|roles|lagBytes|writes)(\\..*|/.*)?");

    @Override
    public String id() {
        return "evidence";
    }

    @Override
    public String title() {
        return "Positions, digests and counts";
    }

    @Override
    public void write(Html html) {
        List<List<String>> rows = new ArrayList<>();
        for (StepView step : material.report().steps()) {
            step.evidence().entrySet().stream()
                    .filter(EvidenceSection::wanted)
                    .forEach(e -> rows.add(List.of(step.id(), e.getKey(), shown(e))));
        }
        if (rows.isEmpty()) {
            Parts.none(html, "The steps journalled none.");
            return;
        }
        Parts.table(
                html,
                "From the evidence of the steps; positions are WAL positions (LSN)",
                0,
                List.of("Step", "What", "Value"),
                rows);
    }

    private static boolean wanted(Map.Entry<String, String> fact) {
        return POSITION.matcher(fact.getValue()).matches()
                || DIGEST.matcher(fact.getValue()).matches()
                || counted(fact);
    }

    private static boolean counted(Map.Entry<String, String> fact) {
        return COUNTED.matcher(fact.getKey()).matches() && WHOLE.matcher(fact.getValue()).matches();
    }

    private static String shown(Map.Entry<String, String> fact) {
        boolean bytes = fact.getKey().startsWith("bytes") || fact.getKey().startsWith("lagBytes");
        if (!counted(fact)) {
            return fact.getValue();
        }
        long number = Long.parseLong(fact.getValue());
        return bytes ? Words.bytes(number) : String.format(java.util.Locale.ROOT, "%,d", number);
    }
}
