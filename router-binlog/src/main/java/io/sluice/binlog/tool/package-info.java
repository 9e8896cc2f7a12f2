/**
 * {@code bin/sluice-binlog}: looks at a store from outside, while Sluice runs or not. {@link
 * io.sluice.binlog.tool.SluiceBinlog} is the command line with one class for each command; {@link
 * io.sluice.binlog.tool.StoreCheck} and {@link io.sluice.binlog.tool.GtidFinder} do the long work.
 * All of them read through {@link io.sluice.binlog.store.StoreView}.
 */
@NullMarked
package io.sluice.binlog.tool;

import org.jspecify.annotations.NullMarked;
