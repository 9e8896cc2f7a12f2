package io.sluice.mysql.request;

import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Collation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed with a client at its login; the identity of a session carries it to the backend
 * connections, which agree on the same with the servers. Immutable.
 *
 * @param capabilities what both sides have
 * @param collation the number of the collation, its lowest byte
 * @param database the default database, or null
 * @param attributes what the client tells of itself
 * @param serverVersion the version that the client was shown
 */
public record ClientState(
    Capabilities capabilities,
    int collation,
    @Nullable String database,
    Map<String, String> attributes,
    String serverVersion) {

  /**
   * What sessions without a client agree on if they do not say otherwise: {@link
   * Capabilities#INTERNAL}, utf8mb4, no database.
   */
  public static final ClientState INTERNAL =
      new ClientState(
          Capabilities.INTERNAL,
          Collation.UTF8MB4_GENERAL,
          null,
          Map.of("program_name", "sluice", "_client_name", "sluice"),
          "");

  /** Copies the attributes. */
  public ClientState {
    attributes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** The same with other attributes. */
  public ClientState withAttributes(Map<String, String> other) {
    return new ClientState(capabilities, collation, database, other, serverVersion);
  }

  /** The same with another default database. */
  public ClientState withDatabase(@Nullable String other) {
    return new ClientState(capabilities, collation, other, attributes, serverVersion);
  }
}
