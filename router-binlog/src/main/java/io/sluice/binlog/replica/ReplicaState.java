package io.sluice.binlog.replica;

/**
 * What a replica's session is doing. Immutable.
 *
 * <pre>
 * registering  dump command        → resolving
 * resolving    start found         → streaming
 * streaming    end of the log      → waiting
 * waiting      the log grew        → streaming
 * any          error, end, close   → ended
 * </pre>
 */
public sealed interface ReplicaState {

  /** The word for administrators. */
  String label();

  /** Known by COM_REGISTER_SLAVE; has not asked for the log yet. */
  record Registering() implements ReplicaState {
    @Override
    public String label() {
      return "registered";
    }
  }

  /** The store looks for the start. */
  record Resolving() implements ReplicaState {
    @Override
    public String label() {
      return "starting";
    }
  }

  /** There is more to send. */
  record Streaming() implements ReplicaState {
    @Override
    public String label() {
      return "catching up";
    }
  }

  /** Everything was sent. */
  record Waiting() implements ReplicaState {
    @Override
    public String label() {
      return "up to date";
    }
  }

  /**
   * The stream is over.
   *
   * @param reason why
   */
  record Ended(String reason) implements ReplicaState {
    @Override
    public String label() {
      return "ended";
    }
  }
}
