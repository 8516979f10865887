/**
 * The report as one self-contained page: no network, no script needed, every value escaped. Depends
 * on the documents of {@code view} and the records of {@code engine}; knows no command and no
 * cluster.
 */
@NullMarked
package dev.switchback.view.html;

import org.jspecify.annotations.NullMarked;
