package dev.switchback.pg;

/**
 * The names of everything Switchback creates in a database: kept out of dump, diff, validation and
 * the fence.
 */
public final class Ours {
    /** Schema on either side for bookkeeping and the fence's function. */
    public static final String SCHEMA = "switchback";

    /** Name of the fence's statement triggers. */
    public static final String FENCE_TRIGGER = "switchback_fence";

    /** Name of the fence's event trigger. */
    public static final String FENCE_EVENT_TRIGGER = "switchback_fence_ddl";

    /** Start of the name of every session we open. */
    public static final String APPLICATION_PREFIX = "switchback/";

    private Ours() {}

    public static boolean isOurSchema(String schema) {
        return schema.equals(SCHEMA);
    }

    public static boolean isOurRole(String role) {
        return role.startsWith("switchback_");
    }
}
