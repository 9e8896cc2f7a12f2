/**
 * The disk as the store sees it: {@link io.sluice.binlog.disk.Disk} has folders and files, {@link
 * io.sluice.binlog.disk.DiskFile} the bytes of one. Nothing of the store goes past it, so that
 * tests can put every fault of a disk in between.
 */
@NullMarked
package io.sluice.binlog.disk;

import org.jspecify.annotations.NullMarked;
