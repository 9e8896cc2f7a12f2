package io.sluice.binlog.store;

import io.sluice.binlog.event.EventHeader;

/**
 * With which words a request for a file and position is refused, and how its stream is filtered.
 */
sealed interface PositionWords {
  /** The text for bytes that are no event. */
  String BOGUS = "bogus data in log event";

  /** The name of the file that is meant by a requested one. */
  default String fileName(String requested) {
    return requested;
  }

  /** The position is in front of the first event, or behind the end of the file. */
  StartResult.Refused outside(String requested, String file, long position);

  /** What is wrong with the bytes at a position. */
  enum Damage {
    /** They are too few for a header. */
    NO_HEADER,
    /** They claim to be shorter than a header. */
    TOO_SMALL,
    /** They claim to be longer than any event. */
    TOO_LARGE,
    /** They claim to end behind the file. */
    CUT,
    /** They look like an event, but are none. */
    NO_EVENT
  }

  /**
   * The places that an error names.
   *
   * @param requested the name that was asked for
   * @param position the position that was asked for
   * @param file the file's name
   * @param formatEnd where its FORMAT_DESCRIPTION ends
   * @param end where it ends
   */
  record Place(String requested, long position, String file, long formatEnd, long end) {}

  /** No event stands at the position. */
  String inside(Damage damage, Place place);

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
    public String inside(Damage damage, Place place) {
      String text =
          switch (damage) {
            case TOO_SMALL, NO_EVENT -> BOGUS;
            case TOO_LARGE ->
                "log event entry exceeded max_allowed_packet; Increase max_allowed_packet on master";
            case NO_HEADER, CUT ->
                "binlog truncated in the middle of event; consider out of disk space on master";
          };
      long at = place.position();
      long last = damage == Damage.NO_HEADER ? at : at + EventHeader.SIZE;
      return text + where(place.requested(), at, place.file(), at, last);
    }

    /** The requested name as the master prints it: without directories, and never empty. */
    private static String shown(String requested) {
      return requested.isEmpty() ? "." : requested.substring(requested.lastIndexOf('/') + 1);
    }

    private static String where(
        String requested, long position, String file, long event, long last) {
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
    public String inside(Damage damage, Place place) {
      String text =
          switch (damage) {
            case TOO_SMALL, NO_EVENT -> BOGUS;
            case TOO_LARGE -> texts.tooLarge();
            case NO_HEADER, CUT -> texts.truncated();
          };
      long at = place.position();
      long event = texts.isOf56() ? at : place.formatEnd();
      boolean readsToTheEnd =
          damage == Damage.NO_HEADER || (damage == Damage.CUT && !texts.isOf56());
      long last = readsToTheEnd ? place.end() : at + EventHeader.SIZE;
      return text + where(place.requested(), at, place.file(), event, last);
    }

    private String where(String requested, long position, String file, long event, long last) {
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
