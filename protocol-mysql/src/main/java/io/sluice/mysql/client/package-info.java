/** A small asynchronous SQL client over a session without a socket. */
@NullMarked
package io.sluice.mysql.client;

import org.jspecify.annotations.NullMarked;
