package io.sluice.core.config;

import com.typesafe.config.ConfigOrigin;
import io.sluice.api.config.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds two sections that want the same port. Not thread-safe. */
final class PortClaims {

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "*", "0:0:0:0:0:0:0:0");

  private final Problems problems;
  private final List<Claim> claims = new ArrayList<>();

  PortClaims(Problems problems) {
    this.problems = problems;
  }

  /**
   * Claims a port, and reports who has it already.
   *
   * @param origin where the claim stands; null if it cannot be the second one
   * @param port 0 claims nothing
   */
  void claim(@Nullable ConfigOrigin origin, String path, String address, int port) {
    if (port == 0) {
      return;
    }
    Claim claim = new Claim(path, normal(address), port);
    for (Claim other : claims) {
      if (origin != null && claim.overlaps(other)) {
        problems.add(
            origin,
            path,
            address + ":" + port + ": taken by " + other.path + " (expected: a port of its own)");
        break;
      }
    }
    claims.add(claim);
  }

  private static String normal(String address) {
    String lower = address.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "localhost" -> "127.0.0.1";
      case "0:0:0:0:0:0:0:1" -> "::1";
      default -> lower;
    };
  }

  private record Claim(String path, String address, int port) {
    boolean overlaps(Claim other) {
      return port == other.port
          && (address.equals(other.address)
              || EVERYWHERE.contains(address)
              || EVERYWHERE.contains(other.address));
    }
  }
}
