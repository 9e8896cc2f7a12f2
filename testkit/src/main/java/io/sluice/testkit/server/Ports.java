package io.sluice.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free TCP ports on loopback, below the range that the kernel hands out to outgoing connections, so
 * that a port stays free while its server is restarted. Thread-safe. No port is given out twice in
 * one JVM.
 */
public final class Ports {
  private static final int LOWEST = 15_000;
  private static final int BEYOND = 32_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** A port that nobody listens on at this moment. */
  public static int free() {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
      synchronized (GIVEN) {
        if (GIVEN.contains(port) || !isFree(port)) {
          continue;
        }
        GIVEN.add(port);
        return port;
      }
    }
    throw new IllegalStateException("no free port found in " + LOWEST + ".." + BEYOND);
  }

  /** Whether nobody listens on the port on loopback. */
  public static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
