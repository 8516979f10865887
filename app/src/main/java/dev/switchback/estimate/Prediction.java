package dev.switchback.estimate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is expected to take.
 *
 * @param steps each step of the runbook in its order
 * @param total all of them
 * @param downtime those during which the users are without service
 * @param rates what it was reckoned with
 * @param databaseBytes size of the databases on the source
 * @param tableBytes size of what is copied
 * @param indexBytes size of what is built
 */
public record Prediction(
        Map<String, Span> steps,
        Span total,
        Span downtime,
        Rates rates,
        long databaseBytes,
        long tableBytes,
        long indexBytes) {

    /** A step of the runbook. */
    public record Planned(String id, boolean inDowntime) {}

    public static Prediction of(
            List<Planned> runbook, Sizes sizes, Rates rates, WriterTimes writers, int jobs) {
        Model model = new Model(sizes, rates, writers, jobs);
        Map<String, Span> steps = new LinkedHashMap<>();
        Span total = Span.NONE;
        Span downtime = Span.NONE;
        for (Planned step : runbook) {
            Span span = model.of(step.id());
            steps.put(step.id(), span);
            total = total.plus(span);
            downtime = step.inDowntime() ? downtime.plus(span) : downtime;
        }
        return new Prediction(
                steps,
                total,
                downtime,
                rates,
                sizes.databaseBytes(),
                sizes.tableBytes(),
                sizes.indexBytes());
    }

    public Optional<Span> step(String id) {
        return Optional.ofNullable(steps.get(id));
    }

    /** For the journal: few, short facts. */
    public Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("total", total.compact());
        facts.put("downtime", downtime.compact());
        facts.put("basis", rates.basis());
        facts.put("note", rates.note());
        facts.put("databaseBytes", String.valueOf(databaseBytes));
        facts.put("tableBytes", String.valueOf(tableBytes));
        facts.put("indexBytes", String.valueOf(indexBytes));
        facts.put(
                "rates",
                String.format(
                        Locale.ROOT,
                        "%.0f %.0f %.0f %.4f %.5f",
                        rates.copy(),
                        rates.index(),
                        rates.hash(),
                        rates.connectSeconds(),
                        rates.roundTripSeconds()));
        StringBuilder each = new StringBuilder();
        steps.forEach((id, span) ->
                each.append(each.isEmpty() ? "" : " ")
                        .append(id)
                        .append('=')
                        .append(span.compact()));
        facts.put("steps", each.toString());
        return facts;
    }

    /**
     * From {@link #facts}; empty when a step of these facts was never journalled.
     *
     * @throws IllegalArgumentException when facts are there and cannot be read
     */
    public static Optional<Prediction> parse(Map<String, String> facts) {
        if (!facts.containsKey("steps")) {
            return Optional.empty();
        }
        Map<String, Span> steps = new LinkedHashMap<>();
        for (String step : fact(facts, "steps").split(" ", -1)) {
            int equals = step.indexOf('=');
            if (equals > 0) {
                steps.put(step.substring(0, equals), Span.parse(step.substring(equals + 1)));
            }
        }
        String[] rates = fact(facts, "rates").split(" ", -1);
        if (rates.length != 5) {
            throw new IllegalArgumentException("no rates: " + String.join(" ", rates));
        }
        return Optional.of(
                new Prediction(
                        steps,
                        Span.parse(fact(facts, "total")),
                        Span.parse(fact(facts, "downtime")),
                        new Rates(
                                fact(facts, "basis").equals("measured"),
                                fact(facts, "note"),
                                Double.parseDouble(rates[0]),
                                Double.parseDouble(rates[1]),
                                Double.parseDouble(rates[2]),
                                Double.parseDouble(rates[3]),
                                Double.parseDouble(rates[4])),
                        Long.parseLong(fact(facts, "databaseBytes")),
                        Long.parseLong(fact(facts, "tableBytes")),
                        Long.parseLong(fact(facts, "indexBytes"))));
    }

    private static String fact(Map<String, String> facts, String name) {
        String value = facts.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the prediction lacks " + name);
        }
        return value;
    }
}
