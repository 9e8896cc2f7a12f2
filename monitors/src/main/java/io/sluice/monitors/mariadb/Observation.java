package io.sluice.monitors.mariadb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one round found out about one server. Immutable.
 *
 * @param reachable whether it answered
 * @param problem why it did not, or what could not be found out; empty when all is known
 * @param readOnly whether it refuses changes of normal users
 * @param serverId its server id, 0 when unknown
 * @param version its version
 * @param gtid its GTID position, empty when it has none
 * @param links the sources that it replicates from; null when it did not tell
 */
record Observation(
    boolean reachable,
    String problem,
    boolean readOnly,
    long serverId,
    String version,
    String gtid,
    @Nullable List<ReplicaLink> links) {

  /** A server that did not answer. */
  static Observation down(String problem) {
    return new Observation(false, problem, false, 0, "", "", null);
  }
}
