/** What a module tells of itself: name, kind, version, maturity, settings. */
@NullMarked
package io.sluice.api.module;

import org.jspecify.annotations.NullMarked;
