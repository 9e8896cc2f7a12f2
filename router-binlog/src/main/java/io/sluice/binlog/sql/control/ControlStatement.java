package io.sluice.binlog.sql.control;

/** The statements that change something. Immutable. */
public sealed interface ControlStatement {

  /** The closed set of kinds. */
  enum Kind {
    /** See {@link Kill}. */
    KILL
  }

  /** Which of the records this is. */
  Kind kind();

  /**
   * KILL.
   *
   * @param id the connection
   * @param connection whether the connection ends, not only its statement
   */
  record Kill(long id, boolean connection) implements ControlStatement {
    @Override
    public Kind kind() {
      return Kind.KILL;
    }
  }
}
