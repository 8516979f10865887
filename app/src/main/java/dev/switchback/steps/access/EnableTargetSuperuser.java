package dev.switchback.steps.access;

import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.fault.Code;
import dev.switchback.fault.SwitchbackException;
import dev.switchback.pg.ConnectionSpec;
import dev.switchback.pg.Pg;
import dev.switchback.pg.Sql;
import dev.switchback.steps.World;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;

/**
 * Switches {@code spec.enableSuperuserAccess} of the target on, because roles with verifiers and
 * foreign owners can only be made by a superuser; {@code abort} sets it back. CNPG then makes the
 * Secret {@code <cluster>-superuser}.
 */
public final class EnableTargetSuperuser implements Step {
    private static final String FACT = "enableSuperuserAccess";

    private final World world;

    public EnableTargetSuperuser(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "enable-target-superuser";
    }

    @Override
    public String title() {
        return "Switch superuser access of the target on";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Duration deadline() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Observation observe(StepContext context) throws Exception {
        if (!world.target().superuserAccess()) {
            return Observation.todo("enableSuperuserAccess is not true");
        }
        Optional<ConnectionSpec> superuser =
                world.target().superuser("postgres", "switchback/" + world.runId() + "/" + id());
        if (superuser.isEmpty()) {
            return Observation.todo("the superuser's Secret is not there yet");
        }
        try (Connection connection = Pg.open(superuser.get())) {
            return Observation.done(
                    "systemIdentifier",
                    Sql.one(connection, "SELECT system_identifier FROM pg_control_system()"));
        } catch (SwitchbackException e) {
            if (e.code() == Code.PG_LOGIN_REFUSED) {
                return Observation.todo("the operator has not set the superuser's password yet");
            }
            throw e;
        }
    }

    @Override
    public Facts capture(StepContext context) {
        return Facts.of(FACT, world.target().superuserAccessAsWritten());
    }

    @Override
    public void apply(StepContext context) {
        world.target().setSuperuserAccess("true");
    }

    @Override
    public void undo(StepContext context) {
        world.target().setSuperuserAccess(context.captured().require(FACT));
    }
}
