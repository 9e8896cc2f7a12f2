/** The protocol SPI: the server role towards clients and the client role towards servers. */
@NullMarked
package io.sluice.api.protocol;

import org.jspecify.annotations.NullMarked;
