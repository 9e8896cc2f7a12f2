/**
 * The forms in which the bytes of a file of the log are kept: as they are, compressed or sealed.
 * {@link io.sluice.binlog.form.StoredForm} names them, {@link io.sluice.binlog.form.StoredBytes}
 * reads each of them as if it were the plain file. {@link io.sluice.binlog.form.ZstdSeekableWriter}
 * and {@link io.sluice.binlog.form.ZstdSeekableBytes} are the two sides of the compressed one.
 *
 * <p>A sealed file is a {@link io.sluice.binlog.form.SealedHeader} and then records that are only
 * ever appended ({@link io.sluice.binlog.form.RecordHead}), each encrypted and authenticated under
 * a key of the file's own ({@link io.sluice.binlog.form.RecordCipher}), which is made from a key of
 * a {@link io.sluice.binlog.form.KeyRing}. {@link io.sluice.binlog.form.SealedFiles} is the way in.
 * It is the one form besides the plain one that the log can grow in: {@link
 * io.sluice.binlog.form.GrowingFile}.
 */
@NullMarked
package io.sluice.binlog.form;

import org.jspecify.annotations.NullMarked;
