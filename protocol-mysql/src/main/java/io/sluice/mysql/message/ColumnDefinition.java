package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;

/**
 * A column of a result set. Source: the result set page of the public MariaDB protocol reference.
 *
 * @param schema its database
 * @param table the name of its table in the statement
 * @param originalTable the name of its table
 * @param name its name in the statement
 * @param originalName its name in the table
 * @param collation the number of its collation
 * @param length the longest value, in bytes
 * @param typeCode the number of its type
 * @param flags the bits of {@link #NOT_NULL} and others
 * @param decimals decimal places; 31 and more: not fixed
 */
public record ColumnDefinition(
    String schema,
    String table,
    String originalTable,
    String name,
    String originalName,
    int collation,
    long length,
    int typeCode,
    int flags,
    int decimals) {

  /** Never null. */
  public static final int NOT_NULL = 0x01;

  /** Without a sign. */
  public static final int UNSIGNED = 0x20;

  /** Bytes or a number rather than text. */
  public static final int BINARY = 0x80;

  private static final String CATALOG = "def";
  private static final int FIXED_FIELDS = 0x0c;
  private static final int UTF8MB3_WIDTH = 3;
  private static final int NO_DECIMALS = 39;

  /** A text of up to {@code characters} characters, as servers type their own answers. */
  public static ColumnDefinition string(String name, int characters) {
    return of(
        name,
        Collation.UTF8MB3_GENERAL,
        (long) characters * UTF8MB3_WIDTH,
        FieldType.VAR_STRING,
        0,
        NO_DECIMALS);
  }

  /** A text of up to 255 characters. */
  public static ColumnDefinition string(String name) {
    return string(name, 255);
  }

  /** A long text, as servers type user variables. */
  public static ColumnDefinition longText(String name) {
    return of(name, Collation.UTF8MB4_GENERAL, 0xffffffL, FieldType.LONG_BLOB, 0, NO_DECIMALS);
  }

  /** Bytes. */
  public static ColumnDefinition blob(String name) {
    return of(name, Collation.BINARY, 0xffffffL, FieldType.LONG_BLOB, BINARY, NO_DECIMALS);
  }

  /** An integer of 8 bytes. */
  public static ColumnDefinition bigint(String name) {
    return of(name, Collation.BINARY, 20, FieldType.LONGLONG, BINARY, 0);
  }

  /** An integer of 8 bytes without a sign. */
  public static ColumnDefinition unsignedBigint(String name) {
    return of(name, Collation.BINARY, 20, FieldType.LONGLONG, UNSIGNED | BINARY, 0);
  }

  /** An integer of 4 bytes. */
  public static ColumnDefinition integer(String name) {
    return of(name, Collation.BINARY, 11, FieldType.LONG, BINARY, 0);
  }

  /** An integer of 4 bytes without a sign. */
  public static ColumnDefinition unsignedInteger(String name) {
    return of(name, Collation.BINARY, 10, FieldType.LONG, UNSIGNED | BINARY, 0);
  }

  /** A floating-point number. */
  public static ColumnDefinition real(String name) {
    return of(name, Collation.BINARY, 22, FieldType.DOUBLE, BINARY, 31);
  }

  private static ColumnDefinition of(
      String name, int collation, long length, FieldType type, int flags, int decimals) {
    return new ColumnDefinition(
        "", "", "", name, "", collation, length, type.code(), flags, decimals);
  }

  /** The type. */
  public FieldType type() {
    return FieldType.of(typeCode);
  }

  /** Reads the payload. */
  public static ColumnDefinition decode(ByteBuf in) {
    WireReader.lenencBytes(in);
    String schema = WireReader.lenencString(in);
    String table = WireReader.lenencString(in);
    String originalTable = WireReader.lenencString(in);
    String name = WireReader.lenencString(in);
    String originalName = WireReader.lenencString(in);
    ByteBuf fixed = WireReader.slice(in, WireReader.length(in));
    int collation = WireReader.u2(fixed);
    long length = WireReader.u4(fixed);
    int type = WireReader.u1(fixed);
    int flags = WireReader.u2(fixed);
    int decimals = WireReader.u1(fixed);
    return new ColumnDefinition(
        schema, table, originalTable, name, originalName, collation, length, type, flags, decimals);
  }

  /** Writes the payload as it is without MariaDB's extended metadata. */
  public void encode(ByteBuf out) {
    encode(out, Capabilities.NONE);
  }

  /** Writes the payload in the form that was agreed; there is never more to tell of a column. */
  public void encode(ByteBuf out, Capabilities capabilities) {
    WireWriter.lenencString(out, CATALOG);
    WireWriter.lenencString(out, schema);
    WireWriter.lenencString(out, table);
    WireWriter.lenencString(out, originalTable);
    WireWriter.lenencString(out, name);
    WireWriter.lenencString(out, originalName);
    if (capabilities.has(Capabilities.MARIADB_EXTENDED_METADATA)) {
      WireWriter.lenencString(out, "");
    }
    WireWriter.lenenc(out, FIXED_FIELDS);
    WireWriter.u2(out, collation);
    WireWriter.u4(out, length);
    WireWriter.u1(out, typeCode);
    WireWriter.u2(out, flags);
    WireWriter.u1(out, decimals);
    WireWriter.u2(out, 0);
  }
}
