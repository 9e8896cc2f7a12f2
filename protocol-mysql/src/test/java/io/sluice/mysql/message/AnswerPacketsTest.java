package io.sluice.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.wire.ProtocolException;
import org.junit.jupiter.api.Test;

class AnswerPacketsTest {

  private static final Capabilities TRACKED = Capabilities.COMMON;
  private static final Capabilities PLAIN = Capabilities.INTERNAL;

  @Test
  void shouldReadAndWriteTheSmallestOk() {
    OkPacket ok = OkPacket.decode(Golden.hex("00 00 00 0200 0000"), PLAIN);

    assertThat(ok).isEqualTo(OkPacket.PLAIN);
    assertThat(Golden.hex(ok::encode)).isEqualTo("00000002000000");
    assertThat(Golden.hex(ok::encodeAsEof)).isEqualTo("fe000002000000");
  }

  @Test
  void shouldReadAnOkWithInfoInBothForms() {
    OkPacket ok = new OkPacket(300, 5, 3, 7, "Rows matched: 1");

    assertThat(OkPacket.decode(Golden.hex(Golden.hex(ok::encode)), PLAIN)).isEqualTo(ok);
    assertThat(OkPacket.decode(Golden.hex(Golden.hex(ok::encode)), TRACKED)).isEqualTo(ok);
    assertThat(OkPacket.decode(Golden.hex("00 00 00 0200 0000 6869"), PLAIN).info())
        .as("without a length")
        .isEqualTo("hi");
  }

  @Test
  void shouldReadAnOkWithChangesOfTheSession() {
    // The login OK of a client with a database: status 0x4002, empty info, schema "d".
    OkPacket ok =
        OkPacket.decode(Golden.payload("mariadb-10.11.19/cli-interactive-db-quit", 2), TRACKED);

    assertThat(ok.status()).isEqualTo(0x4002);
    assertThat(ok.info()).isEmpty();
  }

  @Test
  void shouldReadAndWriteAnError() {
    ByteBuf golden = Golden.hex("ff 1504 23 3238303030 4163636573732064656e69656421");

    ErrPacket error = ErrPacket.decode(golden.duplicate());

    assertThat(error.code()).isEqualTo(1045);
    assertThat(error.sqlState()).isEqualTo("28000");
    assertThat(Golden.hex(out -> error.encode(out, PLAIN))).isEqualTo(ByteBufUtil.hexDump(golden));
    assertThat(error.error().toString()).isEqualTo("1045 (28000): Access denied!");
  }

  @Test
  void shouldReadAndWriteAnErrorWithoutState() {
    ErrPacket error = ErrPacket.decode(Golden.hex("ff 1004 546f6f206d616e79"));

    assertThat(error).isEqualTo(new ErrPacket(1040, "", "Too many"));
    assertThat(Golden.hex(out -> error.encode(out, Capabilities.NONE)))
        .isEqualTo("ff1004546f6f206d616e79");
  }

  @Test
  void shouldReadCapturedErrors() {
    ErrPacket refused = ErrPacket.decode(Golden.payload("mariadb-10.11.19/err-badpassword", 2));

    assertThat(refused.code()).isEqualTo(ErrorCode.ACCESS_DENIED.number());
    assertThat(refused.sqlState()).isEqualTo("28000");
  }

  @Test
  void shouldReadAndWriteEof() {
    EofPacket eof = EofPacket.decode(Golden.hex("fe 0100 2200"));

    assertThat(eof).isEqualTo(new EofPacket(1, 0x22));
    assertThat(Golden.hex(eof::encode)).isEqualTo("fe01002200");
  }

  @Test
  void shouldReadAndWriteColumns() {
    ByteBuf golden = Golden.payload("mariadb-10.11.19/filepos-first", 11);

    ColumnDefinition column = ColumnDefinition.decode(golden.duplicate());

    assertThat(column.name()).isEqualTo("Variable_name");
    assertThat(column.schema()).isEqualTo("information_schema");
    assertThat(column.originalName()).isEqualTo("VARIABLE_NAME");
    assertThat(column.type()).isEqualTo(FieldType.VAR_STRING);
    assertThat(column.flags() & ColumnDefinition.NOT_NULL).isNotZero();
    assertThat(Golden.hex(column::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldTypeColumnsAsServersTypeTheirOwn() {
    ColumnDefinition integer = ColumnDefinition.unsignedBigint("Position");

    assertThat(ColumnDefinition.decode(Golden.hex(Golden.hex(integer::encode)))).isEqualTo(integer);
    assertThat(Golden.hex(ColumnDefinition.string("File", 85)::encode))
        .isEqualTo("03646566000000" + "0446696c65" + "00" + "0c2100ff000000fd0000270000");
  }

  @Test
  void shouldReadAndWriteAPreparedStatement() {
    ByteBuf golden = Golden.hex("00 05000000 0200 0300 00 0100");

    ComStmtPrepareOk prepared = ComStmtPrepareOk.decode(golden.duplicate());

    assertThat(prepared).isEqualTo(new ComStmtPrepareOk(5, 2, 3, 1));
    assertThat(Golden.hex(prepared::encode)).isEqualTo(ByteBufUtil.hexDump(golden));
  }

  @Test
  void shouldRefuseOrTakePrefixes() {
    Golden.assertCut(
        Golden.hex("00 fc2c01 05 0300 0700 02 6162"), in -> OkPacket.decode(in, TRACKED));
    Golden.assertCut(Golden.hex("ff 1504 23 3238303030 4142"), ErrPacket::decode);
    Golden.assertCut(Golden.hex("fe 0100 2200"), EofPacket::decode);
    Golden.assertCut(
        Golden.payload("mariadb-10.11.19/filepos-first", 11), ColumnDefinition::decode);
    Golden.assertCut(Golden.hex("00 05000000 0200 0300 00 0100"), ComStmtPrepareOk::decode);
  }

  @Test
  void shouldRefuseAnotherFirstByte() {
    assertThatThrownBy(() -> EofPacket.decode(Golden.hex("00 0100 2200")))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("EOF: 0 (expected: 254)");
  }
}
