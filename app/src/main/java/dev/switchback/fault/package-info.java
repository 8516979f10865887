/** The one kind of failure Switchback reports: code, object, cause, remedy. Depends on nothing. */
@NullMarked
package dev.switchback.fault;

import org.jspecify.annotations.NullMarked;
