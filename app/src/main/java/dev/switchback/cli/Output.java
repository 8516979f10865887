package dev.switchback.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.switchback.cli.GlobalOptions.Format;
import java.util.function.Supplier;

/** Prints one result document on stdout. */
final class Output {
    private static final ObjectMapper JSON = mapper(new ObjectMapper());
    private static final ObjectMapper YAML =
            mapper(
                    new ObjectMapper(
                            new YAMLFactory()
                                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)));

    private Output() {}

    private static ObjectMapper mapper(ObjectMapper mapper) {
        return mapper.registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.INDENT_OUTPUT);
    }

    static void print(Format format, Object document, Supplier<String> text) {
        System.out.println(
                switch (format) {
                    case TEXT -> text.get().stripTrailing();
                    case JSON -> write(JSON, document);
                    case YAML -> write(YAML, document).stripTrailing();
                });
    }

    /** As {@code -o json} prints it. */
    static String json(Object document) {
        return write(JSON, document);
    }

    private static String write(ObjectMapper mapper, Object document) {
        try {
            return mapper.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result document cannot be written", e);
        }
    }
}
