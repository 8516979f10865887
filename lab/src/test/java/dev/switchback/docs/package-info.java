/** Keeps the guide's coverage honest; reads files of the repository and the command line. */
@NullMarked
package dev.switchback.docs;

import org.jspecify.annotations.NullMarked;
