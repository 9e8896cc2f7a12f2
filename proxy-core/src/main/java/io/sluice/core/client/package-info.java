/** Sessions without a socket, which modules open for work of their own. */
@NullMarked
package io.sluice.core.client;

import org.jspecify.annotations.NullMarked;
