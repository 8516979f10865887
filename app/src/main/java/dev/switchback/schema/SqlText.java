package dev.switchback.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL's SQL cut into tokens: enough to split a script into statements, to find names in them
 * whatever they contain, and to compare deparsed expressions.
 */
final class SqlText {
    /** What a token is; for {@link Kind#NAME} and {@link Kind#STRING} the quotes are removed. */
    enum Kind {
        WORD,
        NAME,
        STRING,
        SYMBOL
    }

    /**
     * @param value a word in lower case, a quoted name or string without its quotes, or one
     *     character
     * @param start offset in the text
     * @param end offset behind it
     */
    record Token(Kind kind, String value, int start, int end) {
        boolean is(String word) {
            return kind == Kind.WORD && value.equals(word);
        }

        boolean symbol(char c) {
            return kind == Kind.SYMBOL && value.charAt(0) == c;
        }

        boolean identifier() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }
    }

    private final String text;
    private int at;

    private SqlText(String text) {
        this.text = text;
    }

    static List<Token> tokens(String text) {
        SqlText scanner = new SqlText(text);
        List<Token> tokens = new ArrayList<>();
        while (scanner.skipBlank()) {
            tokens.add(scanner.next());
        }
        return tokens;
    }

    /** The statements of a script, without the semicolons; psql's backslash lines are left out. */
    static List<String> statements(String script) {
        String plain = script.replaceAll("(?m)^\\\\(un)?restrict .*$", "");
        List<String> statements = new ArrayList<>();
        int from = -1;
        int to = 0;
        for (Token token : tokens(plain)) {
            if (token.symbol(';')) {
                if (from >= 0) {
                    statements.add(plain.substring(from, to));
                }
                from = -1;
            } else {
                from = from < 0 ? token.start : from;
                to = token.end;
            }
        }
        return statements;
    }

    private boolean skipBlank() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int line = text.indexOf('\n', at);
                at = line < 0 ? text.length() : line;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token next() {
        int start = at;
        char c = text.charAt(at);
        if (c == '"') {
            return token(Kind.NAME, quoted('"', false), start);
        }
        if (c == '\'') {
            return token(Kind.STRING, quoted('\'', false), start);
        }
        if ((c == 'E' || c == 'e') && at + 1 < text.length() && text.charAt(at + 1) == '\'') {
            at++;
            return token(Kind.STRING, quoted('\'', true), start);
        }
        if (c == '$' && dollarTag() > 0) {
            int tag = dollarTag();
            String quote = text.substring(at, at + tag);
            int close = text.indexOf(quote, at + tag);
            int end = close < 0 ? text.length() : close;
            String body = text.substring(at + tag, end);
            at = Math.min(text.length(), end + tag);
            return token(Kind.STRING, body, start);
        }
        if (Character.isLetterOrDigit(c) || c == '_') {
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            String word = text.substring(start, at);
            return token(Kind.WORD, word.toLowerCase(java.util.Locale.ROOT), start);
        }
        at++;
        return token(Kind.SYMBOL, String.valueOf(c), start);
    }

    private Token token(Kind kind, String value, int start) {
        return new Token(kind, value, start, at);
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private String quoted(char quote, boolean backslashes) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (backslashes && c == '\\' && at < text.length()) {
                value.append(c).append(text.charAt(at++));
            } else if (c != quote) {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == quote) {
                value.append(quote);
                at++;
            } else {
                return value.toString();
            }
        }
        return value.toString();
    }

    /** Length of the opening {@code $tag$} here, 0 when there is none. */
    private int dollarTag() {
        int i = at + 1;
        while (i < text.length()
                && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
            i++;
        }
        boolean parameter = at + 1 < text.length() && Character.isDigit(text.charAt(at + 1));
        return i < text.length() && text.charAt(i) == '$' && !parameter ? i - at + 1 : 0;
    }
}
