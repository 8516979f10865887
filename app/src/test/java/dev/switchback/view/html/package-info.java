/** Tests of the page, from journals made by hand. */
@NullMarked
package dev.switchback.view.html;

import org.jspecify.annotations.NullMarked;
