/**
 * The lab: embedded servers and a simulated cluster to run the real program against. Never shipped
 * with the app.
 */
@NullMarked
package dev.switchback.lab;

import org.jspecify.annotations.NullMarked;
