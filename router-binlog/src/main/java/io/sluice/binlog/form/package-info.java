/**
 * The forms in which the bytes of a file of the log are kept: as they are, compressed or sealed.
 * {@link io.sluice.binlog.form.StoredForm} names them, {@link io.sluice.binlog.form.StoredBytes}
 * reads each of them as if it were the plain file. {@link io.sluice.binlog.form.ZstdSeekableWriter}
 * and {@link io.sluice.binlog.form.ZstdSeekableBytes} are the two sides of the compressed one.
 */
@NullMarked
package io.sluice.binlog.form;

import org.jspecify.annotations.NullMarked;
