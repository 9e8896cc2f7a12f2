/** The filter SPI: sees both directions, may answer by itself. */
@NullMarked
package io.sluice.api.filter;

import org.jspecify.annotations.NullMarked;
