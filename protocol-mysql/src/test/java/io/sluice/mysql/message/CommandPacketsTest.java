package io.sluice.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.wire.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CommandPacketsTest {

  @Test
  void shouldReadAndWriteTheRegistrationOfAReplica() {
    ByteBuf golden = Golden.command("mariadb-10.11.19/filepos-first", 0x15);

    ComRegisterSlave register = ComRegisterSlave.decode(golden.duplicate());

    assertThat(register.serverId()).isPositive();
    assertThat(register.port()).isPositive();
    assertThat(register.masterId()).isZero();
    assertThat(Golden.hex(register::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldReadAndWriteTheRequestForABinaryLog() {
    ByteBuf golden = Golden.command("mariadb-10.11.19/binlog-nofile", 0x12);

    ComBinlogDump dump = ComBinlogDump.decode(golden.duplicate());

    assertThat(dump).isEqualTo(new ComBinlogDump(4, 3, 0, "bin.000099"));
    assertThat(Golden.hex(dump::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldReadAndWriteTheRequestForABinaryLogAfterGtids() {
    ByteBuf golden = Golden.command("mysql-9.7.4/binlog-gtids", 0x1e);

    ComBinlogDumpGtid dump = ComBinlogDumpGtid.decode(golden.duplicate());

    assertThat(dump.position()).isEqualTo(4);
    assertThat(dump.gtidSet()).isNotEmpty();
    assertThat(Golden.hex(dump::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldReadAndWriteAChangeOfTheUser() {
    ComChangeUser change =
        new ComChangeUser("u", new byte[20], "d", 45, "mysql_native_password", Map.of("a", "b"));

    ByteBuf bytes = Golden.hex(Golden.hex(out -> change.encode(out, Capabilities.COMMON)));

    assertThat(ComChangeUser.decode(bytes, Capabilities.COMMON))
        .usingRecursiveComparison()
        .isEqualTo(change);
  }

  @Test
  void shouldRefuseOrTakePrefixes() {
    Golden.assertCut(
        Golden.command("mariadb-10.11.19/filepos-first", 0x15), ComRegisterSlave::decode);
    Golden.assertCut(Golden.command("mariadb-10.11.19/binlog-nofile", 0x12), ComBinlogDump::decode);
    Golden.assertCut(Golden.command("mysql-9.7.4/binlog-gtids", 0x1e), ComBinlogDumpGtid::decode);
  }

  @Test
  void shouldIgnoreBytesBehindAGtidSetAsServersDo() {
    ByteBuf golden = Golden.command("mysql-9.7.4/binlog-gtids", 0x1e);
    ComBinlogDumpGtid plain = ComBinlogDumpGtid.decode(golden.duplicate());
    ByteBuf longer = Unpooled.buffer().writeBytes(golden).writeByte(7);

    assertThat(ComBinlogDumpGtid.decode(longer)).usingRecursiveComparison().isEqualTo(plain);
  }

  /** What replicas of 5.6 and 5.7 send: as many zeros as the name of their last file is long. */
  @Test
  void shouldTakeAFileNameOfZerosAsNone() {
    ByteBuf bytes =
        Golden.hex(
            "1e 0000 07000000 0a000000 00000000000000000000 0400000000000000"
                + "08000000 0000000000000000");

    ComBinlogDumpGtid dump = ComBinlogDumpGtid.decode(bytes);

    assertThat(dump.file()).isEmpty();
    assertThat(dump.serverId()).isEqualTo(7);
    assertThat(dump.position()).isEqualTo(4);
    assertThat(dump.gtidSet()).isEqualTo(new byte[8]);
    assertThat(ComBinlogDump.decode(Golden.hex("12 04000000 0000 07000000 6100 6200")).file())
        .isEqualTo("a");
  }

  @Test
  void shouldThrowNothingElseOnRandomBytes() {
    List<Consumer<ByteBuf>> decoders =
        List.of(
            HandshakeV10::decode,
            HandshakeResponse41::decode,
            SslRequest::decode,
            AuthSwitchRequest::decode,
            AuthMoreData::decode,
            in -> OkPacket.decode(in, Capabilities.COMMON),
            ErrPacket::decode,
            EofPacket::decode,
            ColumnDefinition::decode,
            ComRegisterSlave::decode,
            ComBinlogDump::decode,
            ComBinlogDumpGtid::decode,
            ComStmtPrepareOk::decode,
            in -> ComChangeUser.decode(in, Capabilities.COMMON));
    int[] firsts = {0x0a, 0xff, 0, 0xfe, 1, 0xff, 0xfe, 3, 0x15, 0x12, 0x1e, 0, 0x11};
    Random random = new Random(5);
    int decoded = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(80)];
      random.nextBytes(bytes);
      bytes[0] = (byte) firsts[random.nextInt(firsts.length)];
      if (random.nextBoolean()) {
        // Short lengths make deep paths likelier.
        for (int i = 1; i < bytes.length; i++) {
          bytes[i] &= 7;
        }
      }
      try {
        decoders.get(random.nextInt(decoders.size())).accept(Unpooled.wrappedBuffer(bytes));
        decoded++;
      } catch (ProtocolException e) {
        assertThat(e).hasMessageContaining("expected");
      }
    }
    assertThat(decoded).isPositive();
  }
}
