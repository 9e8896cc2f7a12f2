/** What the engine measures: names and tags in one place. Modules add meters of their own. */
@NullMarked
package io.sluice.core.metrics;

import org.jspecify.annotations.NullMarked;
