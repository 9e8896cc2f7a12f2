package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * It did not work. Source: the ERR packet page of the public MariaDB protocol reference.
 *
 * @param code the number
 * @param sqlState five characters; empty when the packet has none
 * @param message the text
 */
public record ErrPacket(int code, String sqlState, String message) {

  /** The first byte. */
  public static final int HEADER = 0xff;

  private static final int STATE_LENGTH = 5;

  /** An error of the session SPI as a packet. */
  public static ErrPacket of(ReplyError error) {
    return new ErrPacket(error.code(), error.state(), error.message());
  }

  /** One of our errors with a text. */
  public static ErrPacket of(ErrorCode code, String message) {
    return new ErrPacket(code.number(), code.sqlState(), message);
  }

  /** Reads the payload; a state is there when its mark is. */
  public static ErrPacket decode(ByteBuf in) {
    CommandBytes.expect(in, HEADER, "ERR");
    int code = WireReader.u2(in);
    String state = "";
    if (in.readableBytes() > STATE_LENGTH && in.getByte(in.readerIndex()) == '#') {
      WireReader.skip(in, 1);
      state = WireReader.string(in, STATE_LENGTH);
    }
    return new ErrPacket(code, state, WireReader.restString(in));
  }

  /**
   * Writes the payload.
   *
   * @param capabilities what was agreed; {@link Capabilities#NONE} as long as nothing was
   */
  public void encode(ByteBuf out, Capabilities capabilities) {
    WireWriter.u1(out, HEADER);
    WireWriter.u2(out, code);
    if (capabilities.has(Capabilities.PROTOCOL_41)) {
      WireWriter.u1(out, '#');
      WireWriter.string(
          out, sqlState.length() == STATE_LENGTH ? sqlState : ErrorCode.UNKNOWN_ERROR.sqlState());
    }
    WireWriter.string(out, message);
  }

  /** The same for the session SPI. */
  public ReplyError error() {
    return new ReplyError(code, sqlState, message);
  }
}
