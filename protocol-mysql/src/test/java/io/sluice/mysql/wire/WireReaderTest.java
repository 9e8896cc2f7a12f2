package io.sluice.mysql.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.ErrorCode;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        250,
        251,
        252,
        255,
        256,
        65535,
        65536,
        0xffffff,
        0x1000000,
        Long.MAX_VALUE,
        -1
      })
  void shouldReadTheLengthEncodedIntegersThatTheWriterWrites(long value) {
    ByteBuf bytes = Unpooled.buffer();

    WireWriter.lenenc(bytes, value);

    assertThat(bytes.readableBytes()).isEqualTo(WireWriter.lenencSize(value));
    assertThat(WireReader.lenenc(bytes)).isEqualTo(value);
    assertThat(bytes.isReadable()).isFalse();
  }

  @Test
  void shouldReadTheFixedIntegersThatTheWriterWrites() {
    ByteBuf bytes = Unpooled.buffer();

    WireWriter.u1(bytes, 0xfe);
    WireWriter.u2(bytes, 0xfedc);
    WireWriter.u3(bytes, 0xfedcba);
    WireWriter.u4(bytes, 0xfedcba98L);
    WireWriter.u6(bytes, 0xfedcba987654L);
    WireWriter.u8(bytes, 0xfedcba9876543210L);

    assertThat(WireReader.u1(bytes)).isEqualTo(0xfe);
    assertThat(WireReader.u2(bytes)).isEqualTo(0xfedc);
    assertThat(WireReader.u3(bytes)).isEqualTo(0xfedcba);
    assertThat(WireReader.u4(bytes)).isEqualTo(0xfedcba98L);
    assertThat(WireReader.u6(bytes)).isEqualTo(0xfedcba987654L);
    assertThat(WireReader.u8(bytes)).isEqualTo(0xfedcba9876543210L);
  }

  @Test
  void shouldReadTheStringsThatTheWriterWrites() {
    ByteBuf bytes = Unpooled.buffer();

    WireWriter.nulString(bytes, "grüße");
    WireWriter.lenencString(bytes, "x".repeat(300));
    WireWriter.nullableLenencBytes(bytes, null);
    WireWriter.nullableLenencBytes(bytes, new byte[] {1, 2});
    WireWriter.string(bytes, "rest");

    assertThat(WireReader.nulString(bytes)).isEqualTo("grüße");
    assertThat(WireReader.lenencString(bytes)).isEqualTo("x".repeat(300));
    assertThat(WireReader.nullableLenencBytes(bytes)).isNull();
    assertThat(WireReader.nullableLenencBytes(bytes)).containsExactly(1, 2);
    assertThat(WireReader.restString(bytes)).isEqualTo("rest");
  }

  @Test
  void shouldRefuseALengthBeyondTheEndBeforeAllocating() {
    ByteBuf bytes = Unpooled.buffer();
    WireWriter.lenenc(bytes, Integer.MAX_VALUE);

    assertThatThrownBy(() -> WireReader.lenencBytes(bytes))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.MALFORMED_PACKET))
        .hasMessage("length: 2147483647 (expected: <= 0)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0xfb, 0xff})
  void shouldRefuseMarkersThatAreNoIntegers(int first) {
    ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {(byte) first, 0, 0});

    assertThatThrownBy(() -> WireReader.lenenc(bytes)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void shouldRefuseWhatIsLeftAtTheEnd() {
    assertThatThrownBy(() -> WireReader.end(Unpooled.wrappedBuffer(new byte[2]), "row"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("row: 2 bytes too many (expected: 0)");
  }

  @Test
  void shouldThrowNothingElseOnRandomBytes() {
    List<Consumer<ByteBuf>> readers =
        List.of(
            WireReader::u1,
            WireReader::u2,
            WireReader::u3,
            WireReader::u4,
            WireReader::u6,
            WireReader::u8,
            WireReader::lenenc,
            WireReader::lenencString,
            WireReader::nulString,
            WireReader::nulBytes,
            WireReader::nullableLenencBytes,
            WireReader::restString);
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      ByteBuf in = Unpooled.wrappedBuffer(bytes);
      try {
        readers.get(random.nextInt(readers.size())).accept(in);
      } catch (ProtocolException e) {
        assertThat(e.getStackTrace()).isEmpty();
      }
    }
  }
}
