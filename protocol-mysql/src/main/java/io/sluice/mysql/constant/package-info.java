/** The numbers of the protocol with names: commands, capability and status bits, errors, types. */
@NullMarked
package io.sluice.mysql.constant;

import org.jspecify.annotations.NullMarked;
