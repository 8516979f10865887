package dev.switchback.steps;

import dev.switchback.pg.ConnectionSpec;

/** Which side was written last and which one takes over: the switch, and the way back. */
public enum Course {
    FORTH {
        @Override
        public ConnectionSpec from(World world, String database, String step) {
            return world.source(database, step);
        }

        @Override
        public ConnectionSpec to(World world, String database, String step) {
            return world.target(database, step);
        }
    },
    BACK {
        @Override
        public ConnectionSpec from(World world, String database, String step) {
            return world.target(database, step);
        }

        @Override
        public ConnectionSpec to(World world, String database, String step) {
            return world.source(database, step);
        }
    };

    /** The superuser on the side that was written last. */
    public abstract ConnectionSpec from(World world, String database, String step);

    /** The superuser on the side that takes over. */
    public abstract ConnectionSpec to(World world, String database, String step);

    /** A step's name: the plain one forth, {@code return-…} back. */
    public String id(String forth, String back) {
        return this == FORTH ? forth : back;
    }
}
