/**
 * Carries login roles, memberships and settings from the source cluster to the target, closed until
 * the commit point: {@link dev.switchback.roles.RoleTransfer} is the only way in. Uses {@code pg}
 * and {@code fault}; knows no Kubernetes, no engine.
 */
@NullMarked
package dev.switchback.roles;

import org.jspecify.annotations.NullMarked;
