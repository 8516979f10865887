package dev.switchback.transfer;

import dev.switchback.copy.TableOutcome;
import java.util.List;
import java.util.Map;

/**
 * What a copy did.
 *
 * @param source where from, without secrets
 * @param target where to
 * @param begun {@code fresh}, {@code resumed} or {@code restarted}
 * @param seconds wall clock, without the start of the program
 * @param phases seconds by phase, in their order
 * @param rows of all tables
 * @param bytes of COPY data of all tables
 * @param sequences how many were set
 * @param largeObjects how many were copied
 * @param retries how often a piece was copied again because a connection broke
 * @param notes what a person should know, such as what was left out
 * @param tables one for each table, largest first
 */
public record CopyReport(
        String source,
        String target,
        String begun,
        double seconds,
        Map<String, Double> phases,
        long rows,
        long bytes,
        int sequences,
        long largeObjects,
        int retries,
        List<String> notes,
        List<TableOutcome> tables) {}
