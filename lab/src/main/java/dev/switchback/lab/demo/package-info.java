/** The demo: the whole lab around the real program, run as a child process. */
@NullMarked
package dev.switchback.lab.demo;

import org.jspecify.annotations.NullMarked;
