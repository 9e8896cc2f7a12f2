package io.sluice.core.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything about one session for administrators. Immutable.
 *
 * @param info what the list of sessions shows too
 * @param connection what the client's connection is doing, in one word
 * @param pending requests of the client that are not completely answered
 * @param endpoints its servers
 * @param router what the router tells of it
 */
public record SessionDetails(
    SessionInfo info,
    String connection,
    int pending,
    List<EndpointInfo> endpoints,
    Map<String, Object> router) {

  /** Copies the collections. */
  public SessionDetails {
    endpoints = List.copyOf(endpoints);
    router = Collections.unmodifiableMap(new LinkedHashMap<>(router));
  }
}
