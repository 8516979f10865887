package dev.switchback.spec;

import dev.switchback.spec.Migration.Ca;
import dev.switchback.spec.Migration.Endpoints;
import dev.switchback.spec.Migration.Place;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reader of the document's section about where writers learn their database. */
final class EndpointSection {
    private EndpointSection() {}

    /**
     * @param folder the document's, where paths of files start
     */
    static Endpoints read(Fields fields, String namespace, Path folder) {
        Map<String, String> map = new LinkedHashMap<>(fields.stringMap("map"));
        if (map.isEmpty()) {
            fields.missing("map", "map every Service name the writers use to its new name");
        }
        List<Place> places = new ArrayList<>();
        List<EndpointFile> files = new ArrayList<>();
        for (Fields place : fields.objects("in")) {
            one(place, namespace, folder, places, files);
        }
        if (places.isEmpty() && files.isEmpty()) {
            fields.missing(
                    "in",
                    "list the ConfigMaps, Secrets and files that name the database: [{configMap: NAME}]");
        }
        Optional<Ca> ca = ca(fields);
        fields.nothingElse();
        return new Endpoints(map, places, files, ca);
    }

    private static void one(
            Fields place,
            String namespace,
            Path folder,
            List<Place> places,
            List<EndpointFile> files) {
        Optional<String> configMap = place.string("configMap");
        Optional<String> secret = place.string("secret");
        Optional<String> file = place.string("file");
        List<String> keys = place.strings("keys");
        List<String> apply = place.strings("apply");
        boolean foreign = place.has("namespace");
        String placeNamespace = place.string("namespace").orElse(namespace);
        long named = List.of(configMap, secret, file).stream().filter(Optional::isPresent).count();
        if (named != 1) {
            place.wrong(
                    "",
                    "needs exactly one of configMap, secret and file",
                    "name the object or file that holds the endpoint");
        } else if (file.isPresent()) {
            file(place, file.get(), folder, keys, apply).ifPresent(files::add);
            if (foreign) {
                place.wrong("namespace", "does not go with file", "remove it");
            }
        } else {
            places.add(
                    new Place(
                            configMap.isPresent() ? Place.Kind.CONFIG_MAP : Place.Kind.SECRET,
                            configMap.or(() -> secret).orElseThrow(),
                            placeNamespace,
                            keys));
            if (place.has("apply")) {
                place.wrong("apply", "goes with file only", "remove it");
            }
        }
        place.nothingElse();
    }

    private static Optional<EndpointFile> file(
            Fields place, String path, Path folder, List<String> keys, List<String> apply) {
        if (place.has("apply") && apply.isEmpty()) {
            place.wrong(
                    "apply",
                    "is an empty command",
                    "write the command word by word, or remove it to merge by hand");
        }
        try {
            return Optional.of(
                    new EndpointFile(path, folder.resolve(path).normalize(), folder, keys, apply));
        } catch (InvalidPathException e) {
            place.wrong("file", "is '" + path + "', not a path: " + e.getReason(), "write a path");
            return Optional.empty();
        }
    }

    private static Optional<Ca> ca(Fields fields) {
        if (!fields.has("ca")) {
            fields.optionalObject("ca");
            return Optional.empty();
        }
        Fields section = fields.object("ca");
        Ca ca =
                new Ca(
                        section.name("secret"),
                        section.name("with"),
                        section.string("key").orElse("ca.crt"));
        section.nothingElse();
        return Optional.of(ca);
    }
}
