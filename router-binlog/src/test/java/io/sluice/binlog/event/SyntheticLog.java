package io.sluice.binlog.event;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes a MariaDB master's files with any content: right headers, positions, checksums and GTIDs.
 */
public final class SyntheticLog {
  private final MariaDbBinlogState.Builder state = new MariaDbBinlogState.Builder();
  private final List<Long> boundaries = new ArrayList<>();
  private ByteBuf file = Unpooled.buffer();
  private long sequence;

  /** Begins a file: magic, FORMAT_DESCRIPTION, GTID_LIST. */
  public SyntheticLog startFile() {
    file = Unpooled.buffer(1024);
    boundaries.clear();
    file.writeBytes(Samples.cleared("mariadb-10.11/empty.000001"), 0, 256);
    ByteBuf list =
        ArtificialEvents.gtidList(
            UnpooledByteBufAllocator.DEFAULT, 101, state.snapshot(), 0, false, true);
    list.setShortLE(EventHeader.FLAGS_OFFSET, 0);
    byte[] body = new byte[list.readableBytes() - 23];
    list.getBytes(19, body);
    list.release();
    event(163, 101, 0, body);
    boundaries.add((long) file.writerIndex());
    return this;
  }

  /** Adds an event with a checksum. */
  public SyntheticLog event(int type, long server, int flags, byte[] body) {
    int at = file.writerIndex();
    int length = 19 + body.length + 4;
    file.writeIntLE(1_700_000_000 + (int) sequence);
    file.writeByte(type).writeIntLE((int) server).writeIntLE(length);
    file.writeIntLE(at + length).writeShortLE(flags).writeBytes(body).writeIntLE(0);
    EventChecksum.seal(file, at, length);
    return this;
  }

  /** Adds a GTID event. */
  public SyntheticLog gtid(long domain, long server, long number, int flags) {
    ByteBuf body = Unpooled.buffer();
    body.writeLongLE(number).writeIntLE((int) domain).writeByte(flags).writeZero(6);
    byte[] bytes = new byte[19];
    body.readBytes(bytes);
    event(162, server, 8, bytes);
    state.update(domain, server, number);
    sequence = number;
    return this;
  }

  /** Adds a row event of a size, filled from a seed. */
  public SyntheticLog rows(int size, long seed) {
    byte[] body = new byte[size];
    new Random(seed).nextBytes(body);
    body[6] = 1;
    return event(23, 101, 0, body);
  }

  public SyntheticLog xid() {
    event(16, 101, 0, new byte[8]);
    boundaries.add((long) file.writerIndex());
    return this;
  }

  /** Adds a transaction with one row event in domain 0. */
  public SyntheticLog transaction(int rowBytes) {
    gtid(0, 101, sequence + 1, 0x0c);
    rows(rowBytes, sequence);
    return xid();
  }

  /** Adds a standalone statement. */
  public SyntheticLog ddl(long domain, long server, long number) {
    gtid(domain, server, number, 0x29);
    byte[] sql = "drop table t".getBytes(StandardCharsets.US_ASCII);
    byte[] body = new byte[14 + sql.length];
    System.arraycopy(sql, 0, body, 14, sql.length);
    event(2, server, 0, body);
    boundaries.add((long) file.writerIndex());
    return this;
  }

  public SyntheticLog rotate(String next) {
    ByteBuf body = Unpooled.buffer().writeLongLE(4);
    body.writeBytes(next.getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    event(4, 101, 0, bytes);
    boundaries.add((long) file.writerIndex());
    return this;
  }

  /** The file so far. */
  public byte[] bytes() {
    byte[] bytes = new byte[file.writerIndex()];
    file.getBytes(0, bytes);
    return bytes;
  }

  public int size() {
    return file.writerIndex();
  }

  /** Offsets where the file may be cut. */
  public List<Long> boundaries() {
    return new ArrayList<>(boundaries);
  }

  public MariaDbBinlogState state() {
    return state.snapshot();
  }

  public long sequence() {
    return sequence;
  }
}
