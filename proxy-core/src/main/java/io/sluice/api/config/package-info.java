/**
 * Typed settings: one specification serves parsing, documentation, display and run-time changes.
 */
@NullMarked
package io.sluice.api.config;

import org.jspecify.annotations.NullMarked;
