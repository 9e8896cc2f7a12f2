package io.sluice.readwrite;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command that went to several servers. The answer of the leading server counts; a server with
 * another outcome is no longer in the same state.
 */
final class SessionCommand {

  private @Nullable Boolean outcome;
  private @Nullable List<Backend> worked;
  private @Nullable List<Backend> refused;

  /**
   * The leading server has answered.
   *
   * @return the servers that had answered before with another outcome
   */
  List<Backend> led(boolean ok) {
    outcome = ok;
    List<Backend> different = ok ? refused : worked;
    worked = null;
    refused = null;
    return different == null ? List.of() : different;
  }

  /**
   * Another server has answered.
   *
   * @return whether its outcome is known to be another one
   */
  boolean followed(Backend backend, boolean ok) {
    Boolean known = outcome;
    if (known != null) {
      return known != ok;
    }
    if (ok) {
      worked = worked == null ? new ArrayList<>() : worked;
      worked.add(backend);
    } else {
      refused = refused == null ? new ArrayList<>() : refused;
      refused.add(backend);
    }
    return false;
  }
}
