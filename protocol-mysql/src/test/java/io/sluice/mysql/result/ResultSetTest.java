package io.sluice.mysql.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultSetTest {

  private static final UnpooledByteBufAllocator ALLOCATOR =
      new UnpooledByteBufAllocator(false, true);
  private static final Capabilities CLASSIC = Capabilities.INTERNAL;
  private static final Capabilities MODERN = Capabilities.COMMON;

  private static Capabilities form(boolean modern) {
    return modern ? MODERN : CLASSIC;
  }

  private static ByteBuf people(Capabilities capabilities, int status) {
    return new ResultSetWriter(ALLOCATOR, 1, capabilities)
        .columns(ColumnDefinition.bigint("Id"), ColumnDefinition.string("Name"))
        .row(1, "Ada")
        .row(2L, null)
        .row("3", new byte[] {(byte) 0xc3, (byte) 0xa9})
        .finish(status);
  }

  private static ResultSetReader read(Capabilities capabilities, ByteBuf bytes, int step) {
    ResultSetReader reader = new ResultSetReader(capabilities);
    while (bytes.isReadable()) {
      reader.feed(bytes.readRetainedSlice(Math.min(step, bytes.readableBytes())));
    }
    bytes.release();
    assertThat(bytes.refCnt()).isZero();
    return reader;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadWhatTheWriterWrites(boolean modern) {
    for (int step : new int[] {1, 5, 1000}) {
      ResultSetReader reader = read(form(modern), people(form(modern), 2), step);

      assertThat(reader.isDone()).isTrue();
      ResultSet result = reader.result();
      assertThat(result.columnNames()).containsExactly("Id", "Name");
      assertThat(result.size()).isEqualTo(3);
      assertThat(result.value(0, "name")).isEqualTo("Ada");
      assertThat(result.value(1, "Name")).isNull();
      assertThat(result.value(2, 1)).isEqualTo("é");
      assertThat(result.bytes(1, 0)).containsExactly('2');
      assertThat(result.status()).isEqualTo(ServerStatus.AUTOCOMMIT);
      assertThat(result.hasColumn("nobody")).isFalse();
      assertThatThrownBy(() -> result.value(0, "nobody"))
          .hasMessage("column: nobody (expected: of [Id, Name])");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldReadOk(boolean modern) {
    OkPacket ok = new OkPacket(3, 4, 2, 1, "Records: 3");

    ResultSetReader reader =
        read(form(modern), ResultSetWriter.ok(ALLOCATOR, 1, form(modern), ok), 1);

    assertThat(reader.result().affectedRows()).isEqualTo(3);
    assertThat(reader.result().lastInsertId()).isEqualTo(4);
    assertThat(reader.result().warnings()).isEqualTo(1);
    assertThat(reader.result().isEmpty()).isTrue();
  }

  @Test
  void shouldReadEof() {
    assertThat(read(CLASSIC, ResultSetWriter.eof(ALLOCATOR, 1, 2), 1).result().status())
        .isEqualTo(2);
  }

  @Test
  void shouldReadAnError() {
    ReplyError error = ErrorCode.PARSE_ERROR.error("what?");

    ResultSetReader reader = read(CLASSIC, ResultSetWriter.error(ALLOCATOR, 1, CLASSIC, error), 2);

    assertThat(reader.isDone()).isTrue();
    assertThat(reader.error()).isEqualTo(error);
    assertThatThrownBy(reader::result).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldKeepTheLastOfSeveralResults() {
    ByteBuf bytes = Unpooled.buffer();
    ByteBuf first = people(CLASSIC, ServerStatus.MORE_RESULTS);
    ByteBuf second =
        new ResultSetWriter(ALLOCATOR, 1, CLASSIC)
            .columns(ColumnDefinition.integer("n"))
            .row(7)
            .finish(2);
    bytes.writeBytes(first).writeBytes(second);
    first.release();
    second.release();

    ResultSetReader reader = read(CLASSIC, bytes, 9);

    assertThat(reader.result().columnNames()).containsExactly("n");
    assertThat(reader.result().value(0, 0)).isEqualTo("7");
  }

  @Test
  void shouldReadARowOfManyPackets() {
    byte[] large = new byte[2 * Packets.MAX_PAYLOAD + 100];
    new Random(1).nextBytes(large);
    ByteBuf bytes =
        new ResultSetWriter(ALLOCATOR, 1, CLASSIC)
            .columns(ColumnDefinition.blob("b"), ColumnDefinition.string("s"))
            .row(large, "end")
            .finish(2);

    ResultSetReader reader = read(CLASSIC, bytes, 65_536);

    assertThat(reader.result().bytes(0, 0)).isEqualTo(large);
    assertThat(reader.result().value(0, 1)).isEqualTo("end");
  }

  @Test
  void shouldNumberPacketsFromTheFirst() {
    ByteBuf bytes =
        new ResultSetWriter(ALLOCATOR, 254, CLASSIC)
            .columns(ColumnDefinition.integer("n"))
            .finish(2);

    StringBuilder sequences = new StringBuilder();
    int at = 0;
    while (at < bytes.writerIndex()) {
      sequences.append(Packets.sequence(bytes, at)).append(' ');
      at += Packets.HEADER + Packets.payloadLength(bytes, at);
    }
    assertThat(sequences.toString()).isEqualTo("254 255 0 1 ");
    bytes.release();
  }

  @Test
  void shouldWriteTheBytesOfAServer() {
    // As MariaDB 10.11.19 answers SELECT UNIX_TIMESTAMP(), but for the length of the column.
    ByteBuf bytes =
        new ResultSetWriter(ALLOCATOR, 1, CLASSIC)
            .columns(ColumnDefinition.bigint("UNIX_TIMESTAMP()"))
            .row(1795209768L)
            .finish(2);

    assertThat(ByteBufUtil.hexDump(bytes))
        .isEqualTo(
            "0100000101"
                + "260000020364656600000010554e49585f54494d455354414d502829000c3f0014000000088000000000"
                + "05000003fe00000000"
                + "0b0000040a31373935323039373638"
                + "05000005fe00000200");
    bytes.release();
  }

  @Test
  void shouldRefuseTooManyValues() {
    ResultSetWriter writer =
        new ResultSetWriter(ALLOCATOR, 1, CLASSIC).columns(ColumnDefinition.integer("n"));

    assertThatThrownBy(() -> writer.row(1, 2)).hasMessage("values: 2 (expected: 1)");
    writer.abandon();
  }

  @Test
  void shouldRefuseAnAnswerBeyondTheLimit() {
    ResultSetReader reader = new ResultSetReader(CLASSIC, 10);
    ByteBuf chunk = Unpooled.buffer().writeZero(11);

    assertThatThrownBy(() -> reader.feed(chunk))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("answer: 11 bytes (expected: <= 10)");
    assertThat(chunk.refCnt()).isZero();
  }

  @Test
  void shouldThrowNothingElseOnRandomBytes() {
    Random random = new Random(29);
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      ResultSetReader reader = new ResultSetReader(form(random.nextBoolean()), 1 << 16);
      ByteBuf chunk = Unpooled.buffer();
      for (int i = 0; i < 6; i++) {
        byte[] payload = new byte[random.nextInt(10)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextBoolean()) {
          payload[0] = (byte) new int[] {0, 1, 2, 0xfb, 0xfe, 0xff}[random.nextInt(6)];
        }
        chunk.writeMediumLE(payload.length).writeByte(i).writeBytes(payload);
      }
      try {
        reader.feed(chunk);
      } catch (ProtocolException e) {
        refused++;
      }
      assertThat(chunk.refCnt()).isZero();
    }
    assertThat(refused).isPositive();
  }
}
