package dev.switchback.steps.replication;

import static dev.switchback.steps.replication.Question.Level.BLOCK;
import static dev.switchback.steps.replication.Question.Level.FAIL;
import static dev.switchback.steps.replication.Question.Level.WARN;
import static dev.switchback.steps.replication.Question.Place.SOURCE_DATABASE;
import static dev.switchback.steps.replication.Question.Place.SOURCE_SERVER;
import static dev.switchback.steps.replication.Question.Place.TARGET_DATABASE;
import static dev.switchback.steps.replication.Question.Place.TARGET_SERVER;

import dev.switchback.fault.Code;
import java.util.List;

/** What {@link CheckReplicable} asks of both sides. */
final class Questions {
    static final List<Question> ALL =
            List.of(
                    new Question(
                            "offline-only-extensions",
                            SOURCE_DATABASE,
                            FAIL,
                            Code.OFFLINE_ONLY,
                            "its tables are spread over others that it makes and drops by itself, which"
                                    + " native logical replication does not follow"),
                    new Question(
                            "apply-triggers",
                            SOURCE_DATABASE,
                            BLOCK,
                            Code.FIRES_ON_APPLY,
                            "it is carried to the target, and fires there again for every replicated row:"
                                    + " what it does is done twice"),
                    new Question(
                            "ddl-event-triggers",
                            SOURCE_DATABASE,
                            WARN,
                            Code.FIRES_ON_APPLY,
                            "it runs inside the statements by which the link is made and dropped, and can"
                                    + " refuse them"),
                    new Question(
                            "prepared-transactions",
                            SOURCE_SERVER,
                            FAIL,
                            Code.PREPARED_TRANSACTIONS,
                            "creating a slot waits until it ends, whatever its database, and nobody may"
                                    + " ever end it"),
                    new Question(
                            "open-transactions",
                            SOURCE_SERVER,
                            WARN,
                            Code.LONG_TRANSACTION,
                            "creating a slot waits for every transaction that writes, in any database"),
                    new Question(
                            "other-slots",
                            SOURCE_SERVER,
                            WARN,
                            Code.OTHER_REPLICATION,
                            "it takes a slot and a sender, keeps WAL on the same disk, and its reader"
                                    + " gets nothing more after the cutover"),
                    new Question(
                            "enabled-subscriptions",
                            SOURCE_SERVER,
                            BLOCK,
                            Code.OTHER_REPLICATION,
                            "the fence lets replicated rows pass, because the way back needs it: its rows"
                                    + " would still arrive after the fence and be lost"),
                    new Question(
                            "publications-for-all",
                            SOURCE_DATABASE,
                            WARN,
                            Code.OTHER_REPLICATION,
                            "rows that come back from the target would go on to its readers"),
                    new Question(
                            "any-subscriptions",
                            TARGET_SERVER,
                            BLOCK,
                            Code.OTHER_REPLICATION,
                            "it writes rows that the source does not have: the sides would never be equal"),
                    new Question(
                            "publications-for-all",
                            TARGET_DATABASE,
                            BLOCK,
                            Code.OTHER_REPLICATION,
                            "every replicated row would go on to its readers, and a table without an"
                                    + " identity would stop the link"));

    private Questions() {}
}
