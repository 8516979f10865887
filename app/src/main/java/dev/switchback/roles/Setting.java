package dev.switchback.roles;

/**
 * {@code ALTER ROLE role [IN DATABASE database] SET name}, or {@code ALTER DATABASE} when the role
 * is empty.
 *
 * @param role empty for every role
 * @param database empty for every database
 */
record Setting(String role, String database, String name, String value) {

    String on() {
        if (role.isEmpty()) {
            return "database " + database;
        }
        return "role " + role + (database.isEmpty() ? "" : " in database " + database);
    }

    String text() {
        return on() + ": " + name + " = " + value;
    }
}
