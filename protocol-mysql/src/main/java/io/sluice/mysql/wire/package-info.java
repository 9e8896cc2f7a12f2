/**
 * Bytes: integers and strings of the protocol, packet framing, and a walker over packet boundaries
 * in streams that stay as they are.
 */
@NullMarked
package io.sluice.mysql.wire;

import org.jspecify.annotations.NullMarked;
