/** Tests of the console. */
@NullMarked
package io.sluice.console;

import org.jspecify.annotations.NullMarked;
