/** The monitor SPI: watches servers and publishes their states. */
@NullMarked
package io.sluice.api.monitor;

import org.jspecify.annotations.NullMarked;
