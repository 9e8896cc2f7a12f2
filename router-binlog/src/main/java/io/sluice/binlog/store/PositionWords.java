package io.sluice.binlog.store;

/**
 * With which words a request for a file and position is refused, and how its stream is filtered.
 */
sealed interface PositionWords {
  /** The name of the file that is meant by a requested one. */
  default String fileName(String requested) {
    return requested;
  }

  /** The position is in front of the first event, or behind the end of the file. */
  StartResult.Refused outside(String requested, String file, long position);

  /** An event at the position is longer than any. */
  String tooLarge();

  /** An event at the position ends behind the file. */
  String truncated();

  /**
   * The places that follow such a text.
   *
   * @param requested the name that was asked for
   * @param position the position that was asked for
   * @param file the file's name
   * @param event where the last event stood
   * @param last the last byte that was read
   */
  String where(String requested, long position, String file, long event, long last);

  /** The filter of the stream. */
  GroupFilter filter(BinlogFileId file);

  /** The words of a MariaDB master. */
  record MariaDb() implements PositionWords {
    @Override
    public StartResult.Refused outside(String requested, String file, long position) {
      String name = shown(requested);
      return StartResult.fatal(
          "Client requested master to start replication from impossible position"
              + where(
                  requested,
                  position,
                  name,
                  BinlogFileFormat.FIRST_EVENT,
                  BinlogFileFormat.FIRST_EVENT));
    }

    @Override
    public String tooLarge() {
      return "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master";
    }

    @Override
    public String truncated() {
      return "binlog truncated in the middle of event; consider out of disk space on master";
    }

    /** The requested name as the master prints it: without directories, and never empty. */
    private static String shown(String requested) {
      return requested.isEmpty() ? "." : requested.substring(requested.lastIndexOf('/') + 1);
    }

    @Override
    public String where(String requested, long position, String file, long event, long last) {
      return "; the first event '"
          + shown(requested)
          + "' at "
          + position
          + ", the last event read from '"
          + file
          + "' at "
          + event
          + ", the last byte read from '"
          + file
          + "' at "
          + last
          + ".";
    }

    @Override
    public GroupFilter filter(BinlogFileId file) {
      return MariaDbGroupFilter.passAll();
    }
  }

  /**
   * The words of a MySQL source.
   *
   * @param texts its texts
   * @param request what was asked for
   */
  record MySql(MySqlTexts texts, StartRequest request) implements PositionWords {
    private static final String HERE = "./";

    @Override
    public String fileName(String requested) {
      return requested.startsWith(HERE) && !texts.isOf56()
          ? requested.substring(HERE.length())
          : requested;
    }

    @Override
    public StartResult.Refused outside(String requested, String file, long position) {
      String text =
          position < BinlogFileFormat.FIRST_EVENT ? texts.beforeFirst() : texts.behindEnd();
      return StartResult.fatal(
          texts.namesPlacesAtStart()
              ? text
                  + where(
                      requested,
                      position,
                      file,
                      BinlogFileFormat.FIRST_EVENT,
                      BinlogFileFormat.FIRST_EVENT)
              : text);
    }

    @Override
    public String tooLarge() {
      return texts.tooLarge();
    }

    @Override
    public String truncated() {
      return texts.truncated();
    }

    @Override
    public String where(String requested, long position, String file, long event, long last) {
      return texts.places(requested, position, file, event, last);
    }

    @Override
    public GroupFilter filter(BinlogFileId file) {
      return request instanceof StartRequest.MySqlGtids gtids
          ? new MySqlGroupFilter(gtids.executed(), texts, file.name(), false)
          : MySqlGroupFilter.passAll(texts);
    }
  }
}
