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
 * @param broken whether the last failure is still the reason why the dump does not run
 */
public record LinkStatus(
    MasterState state,
    @Nullable LinkFailure lastFailure,
    @Nullable Instant lastFailureAt,
    long connects,
    long failures,
    boolean broken) {

  LinkStatus in(MasterState next) {
    return new LinkStatus(next, lastFailure, lastFailureAt, connects, failures, broken);
  }

  LinkStatus connectedOnceMore() {
    return new LinkStatus(state, lastFailure, lastFailureAt, connects + 1, failures, false);
  }

  LinkStatus failed(LinkFailure failure, Instant at) {
    return new LinkStatus(state, failure, at, connects, failures + 1, true);
  }

  LinkStatus forgotten() {
    return new LinkStatus(state, null, null, connects, failures, false);
  }

  /** Whether the dump runs. */
  public boolean isUp() {
    return state.kind() == MasterState.Kind.STREAMING;
  }

  /**
   * The error that is the reason why the dump does not run, kept after a stop until the next start;
   * null when it runs or nothing failed since.
   */
  public @Nullable LinkFailure currentError() {
    return broken ? lastFailure : null;
  }
}
