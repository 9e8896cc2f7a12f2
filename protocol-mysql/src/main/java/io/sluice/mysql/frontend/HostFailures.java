package io.sluice.mysql.frontend;

import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.frontend.LoginPolicy.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failed logins of each host, and which hosts are blocked for them. What counts are failures in
 * a row, none of them further from the one before than the time of a block; a login that is
 * accepted forgives all. Thread-safe; holds a bounded number of hosts.
 */
final class HostFailures {

  private static final Logger LOGGER = LoggerFactory.getLogger(HostFailures.class);

  /** Beyond this the hosts that were quiet for longest are forgotten. */
  private static final int MOST_HOSTS = 10_000;

  private static final class Count {
    private int failures;
    private long last;
  }

  private final String service;
  private final int limit;
  private final long time;
  private final LongSupplier clock;
  private final LinkedHashMap<String, Count> hosts = new LinkedHashMap<>(16, 0.75f, true);
  private long refused;

  /**
   * No failures yet.
   *
   * @param service for the log
   * @param limit after how many failures a host is blocked; 0 for never
   * @param time for how long
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  HostFailures(String service, int limit, Duration time, LongSupplier clock) {
    this.service = service;
    this.limit = limit;
    this.time = time.toNanos();
    this.clock = clock;
  }

  /** Why a client from there is not even greeted; null if it is. */
  synchronized @Nullable Refusal refusal(String host) {
    Count count = hosts.get(host);
    return count == null || !isBlocked(count)
        ? null
        : new Refusal(
            ErrorCode.HOST_BLOCKED.error(
                "Host '"
                    + host
                    + "' is blocked because of too many failed logins; try again later"),
            "the host is blocked after too many failed logins");
  }

  private boolean isBlocked(Count count) {
    return limit > 0 && count.failures >= limit && clock.getAsLong() - count.last < time;
  }

  /** A login from there was refused. */
  synchronized void failed(String host) {
    refused++;
    if (limit == 0) {
      return;
    }
    long now = clock.getAsLong();
    Count count = hosts.computeIfAbsent(host, key -> new Count());
    boolean was = isBlocked(count);
    if (!was) {
      count.failures = now - count.last < time ? count.failures + 1 : 1;
      count.last = now;
    }
    if (!was && count.failures >= limit) {
      LOGGER
          .atWarn()
          .addKeyValue("service", service)
          .addKeyValue("client", host)
          .addKeyValue("failures", count.failures)
          .addKeyValue("seconds", Duration.ofNanos(time).toSeconds())
          .log("host blocked after too many failed logins");
    }
    Iterator<String> oldest = hosts.keySet().iterator();
    while (hosts.size() > MOST_HOSTS && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }

  /** A login from there was accepted. */
  synchronized void succeeded(String host) {
    hosts.remove(host);
  }

  /**
   * Forgives.
   *
   * @param host which one; empty for all
   * @return the hosts that were blocked
   */
  synchronized List<String> unblock(String host) {
    List<String> free = new ArrayList<>();
    hosts
        .entrySet()
        .removeIf(
            entry -> {
              boolean chosen = host.isEmpty() || entry.getKey().equals(host);
              if (chosen && isBlocked(entry.getValue())) {
                free.add(entry.getKey());
              }
              return chosen;
            });
    return free;
  }

  /** For administrators: the blocked hosts with the seconds that are left, and all refusals. */
  synchronized Map<String, Object> diagnostics() {
    Map<String, Object> blocked = new LinkedHashMap<>();
    long now = clock.getAsLong();
    hosts.forEach(
        (host, count) -> {
          if (isBlocked(count)) {
            blocked.put(host, Duration.ofNanos(time - (now - count.last)).toSeconds());
          }
        });
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("failed", refused);
    view.put("blocked_hosts", blocked);
    return view;
  }
}
