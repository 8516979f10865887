/** The demo notices what it exists to notice. */
@NullMarked
package dev.switchback.lab.demo;

import org.jspecify.annotations.NullMarked;
