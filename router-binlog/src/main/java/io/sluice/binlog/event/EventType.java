package io.sluice.binlog.event;

/**
 * Event types that carry a meaning for the relay or for its reports. The header keeps the code, so
 * an event of {@link #UNKNOWN} type is stored and forwarded unchanged. Immutable.
 */
public enum EventType {
  /** Any code that is not listed here. */
  UNKNOWN(0, "Unknown"),
  QUERY(2, "Query"),
  STOP(3, "Stop"),
  ROTATE(4, "Rotate"),
  INTVAR(5, "Intvar"),
  LOAD(6, "Load"),
  CREATE_FILE(8, "Create_file"),
  APPEND_BLOCK(9, "Append_block"),
  EXEC_LOAD(10, "Exec_load"),
  DELETE_FILE(11, "Delete_file"),
  NEW_LOAD(12, "New_load"),
  RAND(13, "RAND"),
  USER_VAR(14, "User var"),
  FORMAT_DESCRIPTION(15, "Format_desc"),
  XID(16, "Xid"),
  BEGIN_LOAD_QUERY(17, "Begin_load_query"),
  EXECUTE_LOAD_QUERY(18, "Execute_load_query"),
  TABLE_MAP(19, "Table_map"),
  PRE_GA_WRITE_ROWS(20, "Write_rows_event_old"),
  PRE_GA_UPDATE_ROWS(21, "Update_rows_event_old"),
  PRE_GA_DELETE_ROWS(22, "Delete_rows_event_old"),
  WRITE_ROWS_V1(23, "Write_rows_v1"),
  UPDATE_ROWS_V1(24, "Update_rows_v1"),
  DELETE_ROWS_V1(25, "Delete_rows_v1"),
  INCIDENT(26, "Incident"),
  HEARTBEAT(27, "Heartbeat"),
  IGNORABLE(28, "Ignorable"),
  ROWS_QUERY(29, "Rows_query"),
  WRITE_ROWS(30, "Write_rows"),
  UPDATE_ROWS(31, "Update_rows"),
  DELETE_ROWS(32, "Delete_rows"),
  MYSQL_GTID(33, "Gtid"),
  MYSQL_ANONYMOUS_GTID(34, "Anonymous_Gtid"),
  PREVIOUS_GTIDS(35, "Previous_gtids"),
  TRANSACTION_CONTEXT(36, "Transaction_context"),
  VIEW_CHANGE(37, "View_change"),
  XA_PREPARE(38, "XA_prepare"),
  PARTIAL_UPDATE_ROWS(39, "Update_rows_partial"),
  TRANSACTION_PAYLOAD(40, "Transaction_payload"),
  HEARTBEAT_V2(41, "Heartbeat"),
  MYSQL_GTID_TAGGED(42, "Gtid_tagged"),
  ANNOTATE_ROWS(160, "Annotate_rows"),
  BINLOG_CHECKPOINT(161, "Binlog_checkpoint"),
  MARIADB_GTID(162, "Gtid"),
  MARIADB_GTID_LIST(163, "Gtid_list"),
  START_ENCRYPTION(164, "Start_encryption"),
  QUERY_COMPRESSED(165, "Query_compressed"),
  WRITE_ROWS_COMPRESSED_V1(166, "Write_rows_compressed_v1"),
  UPDATE_ROWS_COMPRESSED_V1(167, "Update_rows_compressed_v1"),
  DELETE_ROWS_COMPRESSED_V1(168, "Delete_rows_compressed_v1"),
  WRITE_ROWS_COMPRESSED(169, "Write_rows_compressed"),
  UPDATE_ROWS_COMPRESSED(170, "Update_rows_compressed"),
  DELETE_ROWS_COMPRESSED(171, "Delete_rows_compressed"),
  PARTIAL_ROW_DATA(172, "Partial_row_data");

  private static final EventType[] BY_CODE = new EventType[256];

  static {
    java.util.Arrays.fill(BY_CODE, UNKNOWN);
    for (EventType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final String label;

  EventType(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The byte on the wire; 0 for {@link #UNKNOWN}. */
  public int code() {
    return code;
  }

  /** The name that {@code SHOW BINLOG EVENTS} prints. */
  public String label() {
    return label;
  }

  /**
   * Finds the type of a code; never fails.
   *
   * @param code 0 to 255
   */
  public static EventType of(int code) {
    return BY_CODE[code & 0xff];
  }

  /** Tells whether this is one of the row events (write, update, delete in any version). */
  public boolean isRows() {
    return (code >= 20 && code <= 25)
        || (code >= 30 && code <= 32)
        || code == 39
        || (code >= 166 && code <= 171);
  }

  /**
   * Tells whether a master still counts this event to the group that a standalone GTID opened: the
   * events that only prepare the statement that follows. Used for skipping, exactly as a master
   * skips.
   */
  public boolean continuesStandaloneGroup() {
    return switch (this) {
      case MARIADB_GTID, INTVAR, RAND, USER_VAR, TABLE_MAP, ANNOTATE_ROWS -> true;
      default -> false;
    };
  }
}
