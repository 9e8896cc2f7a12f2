/** The router SPI: one router for each service, one router session for each client. */
@NullMarked
package io.sluice.api.router;

import org.jspecify.annotations.NullMarked;
