package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.sluice.testkit.server.MariaDbServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sessions cost that do nothing: heap and direct memory of this process together. */
class IdleSessionsIT {

  private static final Logger LOGGER = LoggerFactory.getLogger(IdleSessionsIT.class);

  private static final long LIMIT = 64 * 1024;
  private static final long SOMETHING = 500;
  private static final long STEADY = 1024 * 1024;

  private static MariaDbServer server;

  @TempDir Path directory;

  @BeforeAll
  static void startServer() {
    server =
        MariaDbServer.builder()
            .option("max_connections", "3200")
            .option("thread_handling", "pool-of-threads")
            .start();
    server.createUser("app", "apppw", "ALL ON *.*");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"3000, true", "10000, false"})
  void shouldCostLessThan64KilobytesEach(int sessions, boolean withServer) throws Exception {
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, null, "users = [{ name = app, password = apppw }]")) {
      // Whatever is made once.
      Process first = clients(proxy, 10, withServer);
      long before = used();
      Process clients = clients(proxy, sessions, withServer);
      long cost = (used() - before) / sessions;
      LOGGER
          .atInfo()
          .addKeyValue("sessions", sessions)
          .addKeyValue("server", withServer)
          .addKeyValue("bytes", cost)
          .log("an idle session costs");
      assertThat(proxy.sessions()).isEqualTo(sessions + 10);
      assertThat(cost).isBetween(SOMETHING, LIMIT);
      first.getOutputStream().close();
      clients.getOutputStream().close();
      assertThat(clients.waitFor()).isZero();
    }
  }

  private static Process clients(ProxyUnderTest proxy, int count, boolean asking)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                IdleClients.class.getName(),
                String.valueOf(proxy.port()),
                String.valueOf(count),
                String.valueOf(asking))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    assertThat(out.readLine()).isEqualTo(IdleClients.READY);
    return process;
  }

  /** What is in use when nothing more can be collected. */
  private static long used() {
    long used = Long.MAX_VALUE;
    for (long next = collected(); next < used - STEADY; next = collected()) {
      used = next;
    }
    return collected();
  }

  private static long collected() {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    List<BufferPoolMXBean> pools =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .toList();
    long direct = pools.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    return heap + direct + Math.max(0, PlatformDependent.usedDirectMemory());
  }
}
