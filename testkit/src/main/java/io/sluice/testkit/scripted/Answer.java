package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireChannel;
import io.sluice.testkit.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link ScriptedMaster} answers to a query. Immutable. */
public final class Answer {
  private static final int AUTOCOMMIT = 2;

  private final List<byte[]> payloads;
  private final boolean close;

  private Answer(List<byte[]> payloads, boolean close) {
    this.payloads = payloads;
    this.close = close;
  }

  public static Answer ok() {
    return new Answer(List.of(new byte[] {0, 0, 0, AUTOCOMMIT, 0, 0, 0}), false);
  }

  public static Answer error(int code, String sqlState, String text) {
    return new Answer(List.of(errorPayload(code, sqlState, text)), false);
  }

  /** Nothing at all; the connection stays open. */
  public static Answer silence() {
    return new Answer(List.of(), false);
  }

  /** The connection ends without an answer. */
  public static Answer close() {
    return new Answer(List.of(), true);
  }

  /** One row with one column. */
  public static Answer value(String column, @Nullable String value) {
    return rows(List.of(column), List.of(Arrays.asList(value)));
  }

  /** Any text result set. */
  public static Answer rows(List<String> columns, List<? extends List<@Nullable String>> rows) {
    List<byte[]> payloads = new ArrayList<>();
    payloads.add(new WireWriter().lenenc(columns.size()).toBytes());
    for (String column : columns) {
      payloads.add(
          new WireWriter()
              .lenencText("def")
              .lenencText("")
              .lenencText("")
              .lenencText("")
              .lenencText(column)
              .lenencText("")
              .u1(0x0c)
              .u2(33)
              .u4(1024)
              .u1(0xfd)
              .u2(0)
              .u1(39)
              .u2(0)
              .toBytes());
    }
    payloads.add(eofPayload());
    for (List<@Nullable String> row : rows) {
      WireWriter payload = new WireWriter();
      for (String value : row) {
        if (value == null) {
          payload.u1(0xFB);
        } else {
          payload.lenencBytes(value.getBytes(StandardCharsets.UTF_8));
        }
      }
      payloads.add(payload.toBytes());
    }
    payloads.add(eofPayload());
    return new Answer(List.copyOf(payloads), false);
  }

  /** Sends the answer; false if the connection shall end. */
  boolean send(WireChannel channel) {
    return send(channel, 1);
  }

  boolean send(WireChannel channel, int firstSequence) {
    int sequence = firstSequence;
    for (byte[] payload : payloads) {
      sequence = channel.write(sequence, payload);
    }
    return !close;
  }

  boolean isOk() {
    return payloads.size() == 1 && payloads.get(0)[0] == 0;
  }

  static byte[] errorPayload(int code, String sqlState, String text) {
    return new WireWriter().u1(0xFF).u2(code).text("#" + sqlState).text(text).toBytes();
  }

  static byte[] eofPayload() {
    return new byte[] {(byte) 0xFE, 0, 0, AUTOCOMMIT, 0};
  }
}
