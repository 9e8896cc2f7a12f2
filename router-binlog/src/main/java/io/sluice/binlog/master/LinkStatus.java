package io.sluice.binlog.master;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot of the link. Immutable.
 *
 * @param state what it is doing
 * @param lastFailure the last failure since the link was started last, kept while it works again;
 *     null when there was none
 * @param lastFailureAt when that was
 * @param connects how often a dump was started
 * @param failures how many attempts failed
 */
public record LinkStatus(
    MasterState state,
    @Nullable LinkFailure lastFailure,
    @Nullable Instant lastFailureAt,
    long connects,
    long failures) {

  LinkStatus in(MasterState next) {
    return new LinkStatus(next, lastFailure, lastFailureAt, connects, failures);
  }

  LinkStatus connectedOnceMore() {
    return new LinkStatus(state, lastFailure, lastFailureAt, connects + 1, failures);
  }

  LinkStatus failed(LinkFailure failure, Instant at) {
    return new LinkStatus(state, failure, at, connects, failures + 1);
  }

  /** Whether the dump runs. */
  public boolean isUp() {
    return state.kind() == MasterState.Kind.STREAMING;
  }

  /**
   * The error that is the reason why the dump does not run; null when it runs or nothing failed
   * yet.
   */
  public @Nullable LinkFailure currentError() {
    return isUp() || state.kind() == MasterState.Kind.DISCONNECTED ? null : lastFailure;
  }
}
