package io.sluice.api.server;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One immutable snapshot of a server. Published by a monitor, read by anybody.
 *
 * @param status reachable or not
 * @param roles what it can be used for
 * @param labels what the monitor calls it, in the words of its users, for display only
 * @param lag how far its data is behind its writer; null when unknown
 * @param message why the status is what it is, empty when there is nothing to say
 * @param since when status or roles last changed
 * @param details more for administrators, in the monitor's own words
 */
public record ServerState(
    ServerStatus status,
    Set<ServerRole> roles,
    List<String> labels,
    @Nullable Duration lag,
    String message,
    Instant since,
    Map<String, String> details) {

  /** Copies the collections. */
  public ServerState {
    roles = Set.copyOf(roles);
    labels = List.copyOf(labels);
    details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** The state of a server that nobody has looked at. */
  public static ServerState unknown(Instant since) {
    return new ServerState(
        ServerStatus.UNKNOWN, Set.of(), List.of(), null, "not monitored", since, Map.of());
  }

  /** Whether it is up and has this role. */
  public boolean is(ServerRole role) {
    return status == ServerStatus.UP && roles.contains(role);
  }

  /** Whether new connections make sense: up, or not known to be anything else. */
  public boolean isUsable() {
    return status == ServerStatus.UP || status == ServerStatus.UNKNOWN;
  }
}
