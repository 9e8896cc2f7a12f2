package io.sluice.testkit.scripted;

import java.util.Locale;

/** Type codes of binlog events that the testkit looks at (MariaDB numbers). */
public final class EventTypes {
  public static final int QUERY = 2;
  public static final int STOP = 3;
  public static final int ROTATE = 4;
  public static final int INTVAR = 5;
  public static final int FORMAT_DESCRIPTION = 15;
  public static final int XID = 16;
  public static final int TABLE_MAP = 19;
  public static final int WRITE_ROWS_V1 = 23;
  public static final int UPDATE_ROWS_V1 = 24;
  public static final int DELETE_ROWS_V1 = 25;
  public static final int INCIDENT = 26;
  public static final int HEARTBEAT = 27;
  public static final int XA_PREPARE = 38;
  public static final int ANNOTATE_ROWS = 160;
  public static final int BINLOG_CHECKPOINT = 161;
  public static final int GTID = 162;
  public static final int GTID_LIST = 163;
  public static final int START_ENCRYPTION = 164;

  private EventTypes() {}

  static String name(int type) {
    return switch (type) {
      case QUERY -> "QUERY";
      case STOP -> "STOP";
      case ROTATE -> "ROTATE";
      case FORMAT_DESCRIPTION -> "FORMAT_DESCRIPTION";
      case XID -> "XID";
      case TABLE_MAP -> "TABLE_MAP";
      case HEARTBEAT -> "HEARTBEAT";
      case ANNOTATE_ROWS -> "ANNOTATE_ROWS";
      case BINLOG_CHECKPOINT -> "BINLOG_CHECKPOINT";
      case GTID -> "GTID";
      case GTID_LIST -> "GTID_LIST";
      default -> String.format(Locale.ROOT, "TYPE_%d", type);
    };
  }
}
