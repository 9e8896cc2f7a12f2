package io.sluice.mysql.constant;

/** The types of columns in result sets. */
public enum FieldType {
  /** Type 0. */
  DECIMAL(0),
  /** Type 1. */
  TINY(1),
  /** Type 2. */
  SHORT(2),
  /** Type 3. */
  LONG(3),
  /** Type 4. */
  FLOAT(4),
  /** Type 5. */
  DOUBLE(5),
  /** Type 6. */
  NULL(6),
  /** Type 7. */
  TIMESTAMP(7),
  /** Type 8. */
  LONGLONG(8),
  /** Type 9. */
  INT24(9),
  /** Type 10. */
  DATE(10),
  /** Type 11. */
  TIME(11),
  /** Type 12. */
  DATETIME(12),
  /** Type 13. */
  YEAR(13),
  /** Type 14. */
  NEWDATE(14),
  /** Type 15. */
  VARCHAR(15),
  /** Type 16. */
  BIT(16),
  /** Type 245. */
  JSON(245),
  /** Type 246. */
  NEWDECIMAL(246),
  /** Type 247. */
  ENUM(247),
  /** Type 248. */
  SET(248),
  /** Type 249. */
  TINY_BLOB(249),
  /** Type 250. */
  MEDIUM_BLOB(250),
  /** Type 251. */
  LONG_BLOB(251),
  /** Type 252. */
  BLOB(252),
  /** Type 253. */
  VAR_STRING(253),
  /** Type 254. */
  STRING(254),
  /** Type 255. */
  GEOMETRY(255),
  /** A type that is not known here; who needs the number keeps it beside. */
  UNKNOWN(-1);

  private static final FieldType[] BY_CODE = new FieldType[256];

  static {
    java.util.Arrays.fill(BY_CODE, UNKNOWN);
    for (FieldType type : values()) {
      if (type != UNKNOWN) {
        BY_CODE[type.code] = type;
      }
    }
  }

  private final int code;

  FieldType(int code) {
    this.code = code;
  }

  /** The type with this number, {@link #UNKNOWN} when there is none. */
  public static FieldType of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
  }

  /** The number on the wire; -1 for {@link #UNKNOWN}. */
  public int code() {
    return code;
  }
}
