/** A client session and what flows through it: messages down, replies up. */
@NullMarked
package io.sluice.api.session;

import org.jspecify.annotations.NullMarked;
