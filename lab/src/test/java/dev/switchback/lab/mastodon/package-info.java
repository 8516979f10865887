@NullMarked
package dev.switchback.lab.mastodon;

import org.jspecify.annotations.NullMarked;
