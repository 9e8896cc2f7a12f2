package io.sluice.benchmarks.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.scripted.BinlogEvents;
import io.sluice.testkit.scripted.EventTypes;
import io.sluice.testkit.wire.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Files of a MariaDB binlog that take a sixteenth of their size on the disk. Each 64 KiB have two
 * transactions: one that writes a row of zeros, which is a hole in the file, and one with a short
 * row. So a file has as many places where streams may begin as one full of short rows. Immutable.
 *
 * @param files how many
 * @param pairs pairs of transactions in each
 */
public record SparseLog(int files, int pairs) {
  /** The name of the log. */
  public static final String BASE = "mysql-bin";

  /** Bytes of two transactions. */
  public static final int PAIR = 64 << 10;

  private static final long SERVER = 1;
  private static final int END_AT = 13;
  private static final int TYPE_AT = 4;
  private static final byte[] TABLE_ID = {42, 0, 0, 0, 0, 0};
  private static final int STATEMENT_ENDS = 1;
  private static final int LONG_BLOB = 252;
  private static final int SHORT_ROW = 100;
  private static final int CHECKSUM = 4;
  private static final byte[] ZEROS = new byte[PAIR];

  /** The name of a file, from 1. */
  public static String name(int file) {
    return String.format(Locale.ROOT, "%s.%06d", BASE, file);
  }

  /** The last GTID of all. */
  public String end() {
    return gtid(files * 2L * pairs);
  }

  /** The GTID of the first transaction at a part of the history, 0 to 1. */
  public String at(double part) {
    return gtid(Math.max(1, (long) (files * 2L * pairs * part)));
  }

  private static String gtid(long sequence) {
    return "0-" + SERVER + "-" + sequence;
  }

  /** Writes the files, the index of a server and its state. */
  public void write(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (int file = 1; file <= files; file++) {
      write(folder, file);
      names.add("./" + name(file) + "\n");
    }
    Files.writeString(folder.resolve(BASE + ".index"), String.join("", names), US_ASCII);
    Files.writeString(folder.resolve(BASE + ".state"), end() + "\n", US_ASCII);
  }

  /** Writes one file. */
  public void write(Path folder, int file) throws IOException {
    long first = (file - 1) * 2L * pairs;
    BinlogEvents head = new BinlogEvents(name(file), SERVER, true);
    head.formatDescription(BinlogEvents.MARIADB_11_4, false);
    if (first == 0) {
      head.gtidList();
    } else {
      head.gtidList(gtid(first));
    }
    head.checkpoint(name(file));
    byte[] start = head.fileBytes();
    Pair pair = new Pair();
    try (FileChannel out =
        FileChannel.open(
            folder.resolve(name(file)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long position = start.length;
      write(out, ByteBuffer.wrap(start), 0);
      for (int i = 0; i < pairs; i++) {
        pair.write(out, position, first + 1 + 2L * i);
        position += PAIR;
      }
      write(out, ByteBuffer.wrap(rotate(position, name(file + 1))), position);
    }
  }

  private static byte[] rotate(long position, String next) {
    byte[] event = new BinlogEvents(next, SERVER, true).rotate(next);
    ByteBuffer bytes = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(END_AT, (int) (position + event.length));
    int body = event.length - CHECKSUM;
    bytes.putInt(body, checksum(event, body, 0));
    return event;
  }

  /** Of the beginning of an array, and of zeros behind it. */
  private static int checksum(byte[] bytes, int length, int zeros) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    sum.update(ZEROS, 0, zeros);
    return (int) sum.getValue();
  }

  private static void write(FileChannel out, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += out.write(bytes, at);
    }
  }

  /** Two transactions, of which only numbers change. */
  private static final class Pair {
    private final List<byte[]> events = new ArrayList<>();

    /** Bytes of the holes behind each event. */
    private final int[] holes;

    Pair() {
      List<byte[]> small = transaction(SHORT_ROW, SHORT_ROW);
      int rest = PAIR - length(small);
      int row = rest - length(transaction(0, 0));
      List<byte[]> large = transaction(row, 0);
      events.addAll(large);
      events.addAll(small);
      holes = new int[events.size()];
      holes[2] = row;
    }

    private static int length(List<byte[]> events) {
      return events.stream().mapToInt(event -> event.length).sum();
    }

    /** A transaction with one row, of which so many bytes are given. */
    private static List<byte[]> transaction(int row, int given) {
      BinlogEvents made = new BinlogEvents(name(1), SERVER, true);
      byte[] gtid = made.gtid(0, 1, BinlogEvents.GTID_TRANSACTIONAL);
      byte[] table =
          event(
              EventTypes.TABLE_MAP,
              0,
              new WireWriter()
                  .bytes(TABLE_ID)
                  .u2(1)
                  .u1(5)
                  .nulText("bench")
                  .u1(1)
                  .nulText("t")
                  .u1(1)
                  .u1(LONG_BLOB)
                  .u1(1)
                  .u1(4)
                  .u1(1));
      byte[] rows =
          event(
              EventTypes.WRITE_ROWS_V1,
              row - given,
              new WireWriter()
                  .bytes(TABLE_ID)
                  .u2(STATEMENT_ENDS)
                  .u1(1)
                  .u1(1)
                  .u1(0)
                  .u4(row)
                  .bytes("x".repeat(given).getBytes(US_ASCII)));
      return List.of(gtid, table, rows, made.xid(1));
    }

    private static byte[] event(int type, int more, WireWriter body) {
      return new WireWriter()
          .u4(1_700_000_000L)
          .u1(type)
          .u4(SERVER)
          .u4(BinlogEvent.HEADER + body.size() + more + CHECKSUM)
          .u4(0)
          .u2(0)
          .bytes(body.toBytes())
          .zeros(CHECKSUM)
          .toBytes();
    }

    void write(FileChannel out, long start, long sequence) throws IOException {
      ByteBuffer near = ByteBuffer.allocate(PAIR).order(ByteOrder.LITTLE_ENDIAN);
      long position = start;
      long nearAt = start;
      for (int i = 0; i < events.size(); i++) {
        byte[] event = events.get(i);
        long number = i < events.size() / 2 ? sequence : sequence + 1;
        position += event.length + holes[i];
        int body = event.length - CHECKSUM;
        ByteBuffer bytes = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(END_AT, (int) position);
        int type = event[TYPE_AT] & 0xff;
        if (type == EventTypes.GTID || type == EventTypes.XID) {
          bytes.putLong(BinlogEvent.HEADER, number);
        }
        near.put(event, 0, body);
        if (holes[i] > 0) {
          SparseLog.write(out, near.flip(), nearAt);
          near.clear();
          nearAt = position - CHECKSUM;
        }
        near.putInt(checksum(event, body, holes[i]));
      }
      SparseLog.write(out, near.flip(), nearAt);
    }
  }
}
