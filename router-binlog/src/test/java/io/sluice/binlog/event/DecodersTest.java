package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.ServerFamily;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DecodersTest {
  private static final UnpooledByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;

  private interface Decoder {
    void decode(ByteBuf buf, int index, int length, boolean checksums);
  }

  private static final List<Decoder> DECODERS =
      List.of(
          Rotate::decode,
          Heartbeat::decode,
          GtidEvent::decode,
          GtidListEvent::decode,
          (buf, index, length, checksums) -> FormatDescription.decode(buf, index, length),
          (buf, index, length, checksums) -> EventHeader.decode(buf, index),
          (buf, index, length, checksums) -> EventHeader.requireLength(buf, index),
          QueryEvents::isBegin,
          QueryEvents::isXaStart,
          QueryEvents::isCommitOrRollback,
          QueryEvents::isRollback,
          (buf, index, length, checksums) ->
              new TransactionTracker(ServerFamily.MARIADB)
                  .onEvent(buf, index, length, length, checksums));

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
  }

  @Test
  void shouldBuildRotateAsAMasterDoes() {
    ByteBuf event = ArtificialEvents.rotate(ALLOC, 1, "m1-bin.000003", 4, true);
    assertThat(ByteBufUtil.hexDump(event, 0, event.readableBytes() - 4))
        .isEqualTo(
            "00000000"
                + "04"
                + "01000000"
                + "2c000000"
                + "00000000"
                + "2000"
                + "0400000000000000"
                + "6d312d62696e2e303030303033");
    assertThat(EventChecksum.verify(event, 0, event.readableBytes())).isTrue();
    assertThat(Rotate.decode(event, 0, event.readableBytes(), true))
        .isEqualTo(new Rotate(4, "m1-bin.000003"));
    ByteBuf plain = ArtificialEvents.rotate(ALLOC, 1, "m1-bin.000003", 4, false);
    assertThat(plain.readableBytes()).isEqualTo(event.readableBytes() - 4);
    assertThat(Rotate.decode(plain, 0, plain.readableBytes(), false).fileName())
        .isEqualTo("m1-bin.000003");
    event.release();
    plain.release();
  }

  @Test
  void shouldBuildGtidListAsAMasterDoes() {
    MariaDbBinlogState state = MariaDbBinlogState.of(List.of(new MariaDbGtid(0, 1, 8)));
    ByteBuf event = ArtificialEvents.gtidList(ALLOC, 1, state, 979, true, true);
    assertThat(event.readableBytes()).isEqualTo(43);
    assertThat(ByteBufUtil.hexDump(event, 19, 20))
        .isEqualTo("0100001000000000010000000800000000000000");
    assertThat(EventHeader.flags(event, 0)).isEqualTo(0x20);
    assertThat(EventHeader.timestamp(event, 0)).isZero();
    GtidListEvent decoded = GtidListEvent.decode(event, 0, 43, true);
    assertThat(decoded.state()).isEqualTo(state);
    assertThat(decoded.flags()).isEqualTo(GtidListEvent.UNTIL_REACHED);
    ByteBuf empty = ArtificialEvents.gtidList(ALLOC, 1, MariaDbBinlogState.EMPTY, 4, false, true);
    assertThat(empty.readableBytes()).isEqualTo(29);
    event.release();
    empty.release();
  }

  @Test
  void shouldBuildAndReadHeartbeatsOnBothSidesOf4GiB() {
    ByteBuf small = ArtificialEvents.heartbeat(ALLOC, 1, "m1-bin.000003", 1281, true);
    assertThat(small.readableBytes()).isEqualTo(36);
    assertThat(EventHeader.endPosition(small, 0)).isEqualTo(1281);
    assertThat(Heartbeat.decode(small, 0, 36, true))
        .isEqualTo(new Heartbeat("m1-bin.000003", 1281));
    ByteBuf large = ArtificialEvents.heartbeat(ALLOC, 1, "m1-bin.000003", 5L << 30, true);
    assertThat(EventHeader.endPosition(large, 0)).isZero();
    assertThat(large.getLongLE(EventHeader.SIZE)).isEqualTo(5L << 30);
    assertThat(large.readableBytes()).isEqualTo(36 + 8);
    assertThat(large.toString(EventHeader.SIZE + 8, 13, StandardCharsets.UTF_8))
        .isEqualTo("m1-bin.000003");
    ByteBuf last = ArtificialEvents.heartbeat(ALLOC, 1, "m1-bin.000003", 0xffffffffL, true);
    assertThat(EventHeader.endPosition(last, 0)).isEqualTo(0xffffffffL);
    assertThat(last.readableBytes()).isEqualTo(36);
    last.release();
    assertThat(Heartbeat.decode(large, 0, large.readableBytes(), true))
        .isEqualTo(new Heartbeat("m1-bin.000003", 5L << 30));
    small.release();
    large.release();
  }

  @Test
  void shouldCopyFormatDescriptionForAReplica() {
    byte[] file = Samples.bytes("mariadb-10.11/killed.000001");
    ByteBuf buf = Unpooled.wrappedBuffer(file);
    FormatDescription format = FormatDescription.decode(buf, 4, 252);
    assertThat(EventHeader.hasFlag(buf, 4, EventHeader.FLAG_IN_USE)).isTrue();
    assertThat(format.created()).isNotZero();
    assertThat(format.serverVersion()).startsWith("10.11.19-MariaDB");
    ByteBuf whole = format.copy(ALLOC, true, true);
    assertThat(EventHeader.flags(whole, 0)).isZero();
    assertThat(EventHeader.endPosition(whole, 0)).isEqualTo(256);
    assertThat(EventChecksum.verify(whole, 0, 252)).isTrue();
    ByteBuf middle = format.copy(ALLOC, false, false);
    FormatDescription again = FormatDescription.decode(middle, 0, 252);
    assertThat(again.created()).isZero();
    assertThat(EventHeader.endPosition(middle, 0)).isZero();
    assertThat(again.describesSameFile(format)).isTrue();
    FormatDescription other =
        FormatDescription.decode(
            Unpooled.wrappedBuffer(Samples.bytes("mariadb-11.8/killed.000001")), 4, 252);
    assertThat(other.describesSameFile(format)).isFalse();
    whole.release();
    middle.release();
  }

  @Test
  void shouldReadChecksumAlgorithmOfUncheckedFile() {
    ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes("mariadb-10.11/nochecksum.000001"));
    FormatDescription format = FormatDescription.decode(buf, 4, 252);
    assertThat(format.checksum()).isEqualTo(ChecksumAlgorithm.NONE);
    assertThat(format.checksum().trailerLength()).isZero();
  }

  /** Of files each byte counts; only what a master sends from the middle of one may not fit. */
  @Test
  void shouldTakeAStaleChecksumOnlyFromTheMiddleOfAnUncheckedFile() {
    for (String file : List.of("mariadb-10.11/nochecksum.000001", "mariadb-10.11/small.000001")) {
      ByteBuf buf = Unpooled.wrappedBuffer(Samples.bytes(file));
      FormatDescription whole = FormatDescription.decode(buf, 4, 252);
      buf.setIntLE(4 + EventHeader.END_POSITION_OFFSET, 0);
      assertThatThrownBy(() -> FormatDescription.decode(buf, 4, 252))
          .isInstanceOf(BinlogFormatException.class);
      if (whole.hasChecksums()) {
        assertThatThrownBy(() -> FormatDescription.decodeMidFile(buf, 4, 252))
            .isInstanceOf(BinlogFormatException.class);
      } else {
        assertThat(FormatDescription.decodeMidFile(buf, 4, 252).describesSameFile(whole)).isTrue();
      }
      buf.setIntLE(4 + EventHeader.END_POSITION_OFFSET, 255);
      assertThatThrownBy(() -> FormatDescription.decodeMidFile(buf, 4, 252))
          .isInstanceOf(BinlogFormatException.class);
    }
  }

  @Test
  void shouldDecodeXaGtidFromTheTestVector() {
    ByteBuf event =
        Unpooled.buffer()
            .writeBytes(hex("01020304 a2 65000000 2f000000 00000000 0800"))
            .writeBytes(hex("0900000000000000 00000000 4c 01000000 02 00 7831 01 ff 00000000"));
    event.setIntLE(9, event.readableBytes());
    GtidEvent gtid = GtidEvent.decode(event, 0, event.readableBytes(), true);
    assertThat(gtid.gtid()).isEqualTo(new MariaDbGtid(0, 101, 9));
    assertThat(gtid.isStandalone()).isFalse();
    assertThat(gtid.flags() & GtidEvent.TRANSACTIONAL).isNotZero();
  }

  @Test
  void shouldRefuseEveryPrefixWithTheOneException() {
    for (String file : List.of("mariadb-10.11/domains.000002", "mariadb-11.8/xasplit.000001")) {
      byte[] bytes = Samples.bytes(file);
      for (Samples.Line line : Samples.listing(file)) {
        int at = (int) line.position();
        for (int cut = 0; cut < line.size(); cut++) {
          ByteBuf buf = Unpooled.wrappedBuffer(bytes, at, cut);
          for (Decoder decoder : DECODERS) {
            int given = cut;
            onlyFormatException(() -> decoder.decode(buf, 0, given, true));
            if (cut >= 19) {
              onlyFormatException(() -> decoder.decode(buf, 0, line.size(), true));
            }
          }
          assertThatThrownBy(() -> FormatDescription.decode(buf, 0, line.size()))
              .isInstanceOf(BinlogFormatException.class);
        }
      }
    }
  }

  @Test
  void shouldSurviveRandomBytes() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[19 + random.nextInt(120)];
      random.nextBytes(bytes);
      bytes[4] = (byte) (random.nextBoolean() ? random.nextInt(45) : 158 + random.nextInt(16));
      ByteBuf buf = Unpooled.wrappedBuffer(bytes);
      for (Decoder decoder : DECODERS) {
        onlyFormatException(() -> decoder.decode(buf, 0, bytes.length, true));
        onlyFormatException(() -> decoder.decode(buf, 0, bytes.length, false));
      }
    }
  }

  @Test
  void shouldNotAllocateFromAClaimedGtidCount() {
    ByteBuf event = ArtificialEvents.gtidList(ALLOC, 1, MariaDbBinlogState.EMPTY, 4, false, true);
    event.setIntLE(19, 0x0fffffff);
    assertThatThrownBy(() -> GtidListEvent.decode(event, 0, event.readableBytes(), true))
        .isInstanceOf(BinlogFormatException.class)
        .hasMessageContaining("268435455");
    event.release();
  }

  @Test
  void shouldSumUpInPieces() {
    byte[] bytes = new byte[10_000];
    new Random(1).nextBytes(bytes);
    CRC32 expected = new CRC32();
    expected.update(bytes);
    EventChecksum sum = new EventChecksum();
    ByteBuf composite =
        Unpooled.wrappedBuffer(
            Unpooled.wrappedBuffer(bytes, 0, 3333),
            Unpooled.directBuffer().writeBytes(bytes, 3333, 6667));
    sum.update(composite, 0, 5000);
    sum.update(composite, 5000, 5000);
    assertThat(sum.value()).isEqualTo(expected.getValue());
    composite.release();
  }

  @Test
  void shouldKeepCodesOfUnknownTypes() {
    ByteBuf event = hex("00000000 fa 01000000 13000000 00000000 0000");
    assertThat(EventHeader.type(event, 0)).isEqualTo(EventType.UNKNOWN);
    assertThat(EventHeader.typeCode(event, 0)).isEqualTo(0xfa);
    for (int code = 0; code < 256; code++) {
      EventType type = EventType.of(code);
      assertThat(type == EventType.UNKNOWN || type.code() == code).isTrue();
    }
  }

  private static void onlyFormatException(Runnable decoding) {
    try {
      decoding.run();
    } catch (BinlogFormatException e) {
      assertThat(e.getStackTrace()).isEmpty();
    }
  }
}
