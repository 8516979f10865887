package dev.switchback.lab.demo;

import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.schema.ClientTools;
import java.util.List;

/** A source and a target major that the client tools on this machine can serve. */
public record VersionPair(int source, int target) {
    private static final List<VersionPair> PREFERRED =
            List.of(
                    new VersionPair(15, 17),
                    new VersionPair(16, 18),
                    new VersionPair(14, 16),
                    new VersionPair(13, 15),
                    new VersionPair(17, 18));

    /**
     * @throws SwitchbackException PG_TOOLS when no pg_dump here can serve any pair of the lab's
     *     servers
     */
    public static VersionPair choose() {
        List<Integer> majors = ClientTools.installed().stream().map(ClientTools::major).toList();
        return PREFERRED.stream()
                .filter(pair -> majors.stream().anyMatch(m -> m >= pair.source && m <= pair.target))
                .findFirst()
                .orElseThrow(() ->
                        new SwitchbackException(
                                Code.PG_TOOLS,
                                "pg_dump",
                                "found majors " + majors + "; the lab's servers are 13 to 18",
                                "apt-get install postgresql-client"));
    }
}
