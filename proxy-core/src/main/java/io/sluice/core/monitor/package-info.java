/** Runs monitor modules and lets them publish the states of their own servers only. */
@NullMarked
package io.sluice.core.monitor;

import org.jspecify.annotations.NullMarked;
