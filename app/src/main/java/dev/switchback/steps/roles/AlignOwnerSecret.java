package dev.switchback.steps.roles;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchback.engine.Facts;
import dev.switchback.engine.Observation;
import dev.switchback.engine.Step;
import dev.switchback.engine.StepContext;
import dev.switchback.engine.UndoAt;
import dev.switchback.kube.Kind;
import dev.switchback.kube.KubeObject;
import dev.switchback.pg.Secret;
import dev.switchback.steps.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the target's {@code <cluster>-app} Secret the password that the applications already use.
 * CNPG keeps applying this Secret to the role that initdb made (at every instance start and
 * whenever the Secret changes), so a password set over SQL alone would be gone after the next
 * restart. Every key that contains the old password follows it.
 */
public final class AlignOwnerSecret implements Step {
    private final World world;

    public AlignOwnerSecret(World world) {
        this.world = world;
    }

    @Override
    public String id() {
        return "align-owner-secret";
    }

    @Override
    public String title() {
        return "Give the target's owner Secret the applications' password";
    }

    @Override
    public UndoAt undoAt() {
        return UndoAt.ABORT;
    }

    @Override
    public Observation observe(StepContext context) {
        Optional<String> owner = world.target().initdbOwner();
        if (owner.isEmpty() || !world.target().hasAppSecret()) {
            return Observation.done("owner", "none");
        }
        Optional<Secret> password = world.source().password(owner.get());
        if (password.isEmpty()) {
            return Observation.done(
                    "owner", owner.get(), "note", "the source keeps no password for this role");
        }
        return world.target().appSecret().secret("password").equals(password)
                ? Observation.done("owner", owner.get())
                : Observation.todo("the Secret of role " + owner.get() + " holds another password");
    }

    @Override
    public Facts capture(StepContext context) {
        KubeObject secret = world.target().appSecret();
        Facts facts = Facts.NONE;
        for (String key : secret.data().keySet()) {
            Secret value = secret.secret(key).orElseThrow();
            String stored = "a" + context.attempt() + ".owner-secret." + key;
            world.captured().keep(stored, value);
            facts = facts.with(key, stored);
        }
        return facts;
    }

    @Override
    public void apply(StepContext context) {
        KubeObject secret = world.target().appSecret();
        Secret before = secret.secret("password").orElseThrow();
        Secret after =
                world.source().password(world.target().initdbOwner().orElseThrow()).orElseThrow();
        Map<String, Secret> values = new LinkedHashMap<>();
        for (String key : secret.data().keySet()) {
            String value = secret.secret(key).orElseThrow().reveal();
            values.put(key, Secret.of(follow(key, value, before.reveal(), after.reveal())));
        }
        write(values);
    }

    /** The password itself, the libpq password file, and URIs, where it stands percent-encoded. */
    private static String follow(String key, String value, String before, String after) {
        return switch (key) {
            case "password" -> after;
            case "pgpass" -> value.replace(":" + before, ":" + after);
            default -> key.endsWith("uri") ? value.replace(encode(before), encode(after)) : value;
        };
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void undo(StepContext context) {
        Map<String, Secret> values = new LinkedHashMap<>();
        // by the names in the journal: this step's effect outlives attempts, and so does its
        // capture
        context.captured()
                .values()
                .forEach((key, stored) -> values.put(key, world.captured().require(stored)));
        write(values);
    }

    private void write(Map<String, Secret> values) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode data = patch.putObject("data");
        values.forEach((key, value) ->
                data.put(
                        key,
                        Base64.getEncoder()
                                .encodeToString(value.reveal().getBytes(StandardCharsets.UTF_8))));
        KubeObject secret = world.target().appSecret();
        world.targetKube().patch(Kind.SECRET, secret.namespace(), secret.name(), patch);
    }
}
