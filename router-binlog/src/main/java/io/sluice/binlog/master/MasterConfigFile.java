package io.sluice.binlog.master;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.mysql.auth.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What administrators said at run time, in a file of mode 0600 that is replaced as a whole and
 * survives a restart. The password is sealed by a {@link PasswordVault}. A file that cannot be
 * understood is an error, never silently ignored: the relay would follow another master than it was
 * told to. Blocks; for one thread at a time.
 */
public final class MasterConfigFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();
  private static final int VERSION = 2;

  /** The whole file. */
  record Stored(
      int version,
      boolean running,
      boolean mayBeginEpoch,
      @Nullable String start,
      @Nullable Target target) {}

  /** What CHANGE MASTER said. */
  record Target(
      String host,
      int port,
      String user,
      String sealedPassword,
      MasterTls tls,
      UseGtid useGtid,
      long heartbeatMillis,
      long connectRetryMillis,
      int retryCount,
      MasterPublicKey publicKey) {}

  private final Path file;
  private final PasswordVault vault;

  /**
   * For one relay.
   *
   * @param file where it is kept
   * @param keyFile where the key is kept that the password is sealed with
   */
  public MasterConfigFile(Path file, Path keyFile) {
    this.file = file;
    this.vault = new PasswordVault(keyFile);
  }

  /**
   * Reads what was kept.
   *
   * @param configured what the configuration file says
   * @return {@code configured} where nothing else was said
   * @throws IOException if the file, or the key, cannot be read or understood
   */
  public MasterConfig load(MasterConfig configured) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return configured;
    }
    try {
      JsonNode tree = JSON.readTree(bytes);
      upgrade(tree);
      Stored stored = JSON.treeToValue(tree, Stored.class);
      if (stored == null || stored.version() != VERSION) {
        throw new IOException("version: unknown (expected: " + VERSION + ")");
      }
      return apply(stored, configured);
    } catch (IOException | IllegalArgumentException | GtidFormatException e) {
      throw new IOException(
          file
              + ": cannot be understood: "
              + e.getMessage()
              + " (expected: as CHANGE MASTER left it; without the file the relay follows the master of its configuration)",
          e);
    }
  }

  /** Version 1 knew no MySQL masters. */
  private static void upgrade(JsonNode tree) {
    if (tree.path("version").asInt() == 1 && tree instanceof ObjectNode root) {
      root.put("version", VERSION);
      if (root.get("target") instanceof ObjectNode target) {
        target.put("retryCount", 0);
        target.set("publicKey", JSON.valueToTree(MasterPublicKey.DEFAULT));
      }
    }
  }

  private MasterConfig apply(Stored stored, MasterConfig configured) throws IOException {
    StartPoint start =
        stored.start() == null ? configured.start() : StartPoint.parse(stored.start());
    Target target = stored.target();
    if (target == null) {
      return configured
          .withStart(start)
          .withMayBeginEpoch(stored.mayBeginEpoch())
          .withWantsRunning(stored.running());
    }
    return new MasterConfig(
        MasterConfig.Origin.CHANGE_MASTER,
        target.host(),
        target.port(),
        target.user(),
        vault.open(target.sealedPassword()),
        target.tls(),
        target.useGtid(),
        start,
        Duration.ofMillis(target.heartbeatMillis()),
        Duration.ofMillis(target.connectRetryMillis()),
        target.retryCount(),
        target.publicKey(),
        stored.mayBeginEpoch(),
        stored.running());
  }

  /**
   * Keeps what differs from the configuration; forced to disk when this returns.
   *
   * @param config what to keep
   * @param configured what the configuration file says
   */
  public void save(MasterConfig config, MasterConfig configured) throws IOException {
    Target target = null;
    if (config.origin() == MasterConfig.Origin.CHANGE_MASTER) {
      target =
          new Target(
              config.host(),
              config.port(),
              config.user(),
              vault.seal(config.password()),
              config.tls(),
              config.useGtid(),
              config.heartbeatPeriod().toMillis(),
              config.connectRetry().toMillis(),
              config.retryCount(),
              config.publicKey());
    }
    String start = config.start().equals(configured.start()) ? null : config.start().text();
    Stored stored =
        new Stored(VERSION, config.wantsRunning(), config.mayBeginEpoch(), start, target);
    PrivateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(stored));
  }
}
