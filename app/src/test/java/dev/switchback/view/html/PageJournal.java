package dev.switchback.view.html;

import dev.switchback.engine.Facts;
import dev.switchback.engine.JournalState;
import dev.switchback.engine.JournalState.AuditEntry;
import dev.switchback.engine.JournalState.Status;
import dev.switchback.engine.JournalState.StepRecord;
import dev.switchback.engine.JournalState.StepState;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Phase;
import dev.switchback.engine.Runbook;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.spec.DocumentReader;
import dev.switchback.view.Documents.Checklist;
import dev.switchback.view.Documents.ReverseLinkView;
import dev.switchback.view.Documents.RollbackView;
import dev.switchback.view.ReportWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A journal written line by line, and the page that is made of it. */
final class PageJournal {
    static final Instant BEGUN = Instant.parse("2026-11-20T02:00:00Z");

    private static final String DOCUMENT =
            """
            apiVersion: switchback.dev/v1alpha1
            kind: Migration
            metadata: {name: shop, namespace: shop}
            spec:
              strategy: offline
              source: {zalando: {cluster: old}}
              target: {cnpg: {cluster: new}}
              databases: [shop]
              writers: [deployment/web]
              endpoints: {map: {old: new-rw}, in: [{configMap: shop}]}
            """;

    final List<StepRecord> steps = new ArrayList<>();
    final List<AuditEntry> audit = new ArrayList<>();
    Status status = Status.COMPLETED;
    String who = "engineer@lab";
    List<Checklist> checklists = List.of();

    /** A step that is only there to be read about. */
    record Told(String id, String title, boolean inDowntime) implements Step {
        @Override
        public Observation observe(StepContext context) {
            throw new UnsupportedOperationException("nothing is run here");
        }
    }

    static Runbook runbook() {
        return Runbook.named("offline")
                .phase(Phase.CHECK, new Told("check-source", "Look at the source", false))
                .phase(
                        Phase.CUTOVER,
                        new Told("stop-writers", "Stop the writers", true),
                        new Told("fence-source", "Fence the source", true),
                        new Told("copy-tables", "Copy every table", true),
                        new Told("open-target", "Open the target", true),
                        new Told("start-writers", "Start the writers", true))
                .commitAt("open-target")
                .build();
    }

    /**
     * @param from seconds after {@link #BEGUN}
     * @param until likewise; negative for one that never ended
     */
    PageJournal step(String id, StepState state, double from, double until, Facts evidence) {
        steps.add(
                new StepRecord(
                        id,
                        state,
                        1,
                        false,
                        Facts.NONE,
                        evidence,
                        at(from),
                        until < 0 ? null : at(until),
                        until < 0 ? null : Double.valueOf(until - from)));
        said(from, "begin " + id);
        if (until >= 0) {
            said(until, "done " + id);
        }
        return this;
    }

    PageJournal done(String id, double from, double until) {
        return step(id, StepState.DONE, from, until, Facts.NONE);
    }

    PageJournal said(double at, String what) {
        audit.add(new AuditEntry(at(at), who, "run1", what));
        return this;
    }

    static Instant at(double seconds) {
        return BEGUN.plusMillis(Math.round(seconds * 1000));
    }

    JournalState state() {
        return new JournalState(
                JournalState.API_VERSION,
                "shop/shop",
                "uid",
                "offline",
                1,
                null,
                1,
                status,
                steps,
                null,
                audit);
    }

    Material material() {
        JournalState state = state();
        return new Material(
                new ReportWriter(DocumentReader.parse("test", DOCUMENT), List.of(runbook()))
                        .report(
                                state,
                                "migrated",
                                new RollbackView(
                                        "free", "nothing was changed " + who, null, null, null),
                                new ReverseLinkView("none", "there is none"),
                                List.of(),
                                List.of(),
                                checklists),
                state,
                List.of(runbook()),
                at(3600),
                "test");
    }

    String page() {
        Material m = material();
        return HtmlReport.page(m.report(), m.state(), m.runbooks(), m.madeAt(), m.program());
    }
}
