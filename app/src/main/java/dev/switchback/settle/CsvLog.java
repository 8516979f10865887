package dev.switchback.settle;

import java.util.ArrayList;
import java.util.List;

/**
 * Records of a server's {@code csvlog}: fields in quotes may hold commas, quotes twice and line
 * breaks. A record that is not complete yet is left for the next time.
 */
final class CsvLog {
    static final int TIME = 0;
    static final int ROLE = 1;
    static final int DATABASE = 2;
    static final int FROM = 4;
    static final int SEVERITY = 11;
    static final int SQL_STATE = 12;
    static final int MESSAGE = 13;
    static final int APPLICATION = 22;

    /**
     * @param consumed characters of the text that whole records took
     */
    record Parsed(List<List<String>> records, int consumed) {}

    private CsvLog() {}

    static Parsed parse(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int consumed = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    field.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                fields.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    records.add(List.copyOf(fields));
                    fields.clear();
                    consumed = i + 1;
                }
            } else {
                field.append(c);
            }
        }
        return new Parsed(records, consumed);
    }
}
