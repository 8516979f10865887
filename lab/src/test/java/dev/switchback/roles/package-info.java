/** The transfer of roles between real servers, with real logins. */
@NullMarked
package dev.switchback.roles;

import org.jspecify.annotations.NullMarked;
