package io.sluice.binlog;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.master.StartPoint;
import io.sluice.binlog.retention.RetentionOptions;
import io.sluice.binlog.store.FormOptions;
import io.sluice.binlog.store.ServeAfter;
import io.sluice.binlog.store.SyncPolicy;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The settings of one relay, checked against each other. Immutable.
 *
 * @param serverId the relay's own server id
 * @param start where an empty store begins
 * @param heartbeatPeriod what the master is asked for; zero for none
 * @param reconnectMin first pause between attempts
 * @param reconnectMax longest pause between attempts
 * @param reportHost what the master shows as our host
 * @param reportPort what the master shows as our port
 * @param sync when transactions are forced to disk
 * @param serveAfter when replicas see them
 * @param transactionSafety whether only whole ones
 * @param forms in what form closed files are kept, and where
 * @param encryption whether files are encrypted
 * @param retention how much of the log is kept
 * @param tailSize bytes kept of the newest part of the log
 * @param cacheSize bytes kept of older parts
 * @param semiSync whether the master waits for us
 * @param maxReplicas 0 for any number
 * @param presented system variables in which the relay is not what the real master is
 */
record BinlogConfig(
    long serverId,
    StartPoint start,
    Duration heartbeatPeriod,
    Duration reconnectMin,
    Duration reconnectMax,
    String reportHost,
    int reportPort,
    SyncPolicy sync,
    ServeAfter serveAfter,
    boolean transactionSafety,
    FormOptions forms,
    EncryptionConfig encryption,
    RetentionOptions retention,
    long tailSize,
    long cacheSize,
    boolean semiSync,
    int maxReplicas,
    Map<String, String> presented) {

  private static final long MIN_MEMORY = 1L << 20;

  /**
   * Reads the options.
   *
   * @throws InvalidConfigException for values that cannot work together
   */
  static BinlogConfig from(Settings settings) {
    BinlogConfig config =
        new BinlogConfig(
            settings.get(BinlogSettings.SERVER_ID),
            start(settings.get(BinlogSettings.START)),
            settings.get(BinlogSettings.HEARTBEAT_PERIOD),
            settings.get(BinlogSettings.RECONNECT_MIN),
            settings.get(BinlogSettings.RECONNECT_MAX),
            settings.get(BinlogSettings.REPORT_HOST),
            settings.get(BinlogSettings.REPORT_PORT),
            settings.get(BinlogSettings.SYNC),
            settings.get(BinlogSettings.SERVE_AFTER),
            settings.get(BinlogSettings.TRANSACTION_SAFETY),
            forms(settings),
            EncryptionConfig.from(settings),
            retention(settings),
            settings.get(BinlogSettings.TAIL_SIZE),
            settings.get(BinlogSettings.CACHE_SIZE),
            settings.get(BinlogSettings.SEMI_SYNC),
            settings.get(BinlogSettings.MAX_REPLICAS),
            presented(settings));
    config.check();
    return config;
  }

  private static RetentionOptions retention(Settings settings) {
    return new RetentionOptions(
        settings.get(BinlogSettings.RETENTION_TIME),
        settings.get(BinlogSettings.RETENTION_SIZE),
        settings.get(BinlogSettings.RETENTION_FILES),
        settings.get(BinlogSettings.RETENTION_FREE),
        settings.get(BinlogSettings.RETENTION_REPLICA_TIME),
        settings.get(BinlogSettings.RETENTION_HARD_SIZE));
  }

  private static FormOptions forms(Settings settings) {
    long rate = settings.get(BinlogSettings.COMPRESSION_RATE);
    if (rate < 0) {
      throw new InvalidConfigException(
          BinlogSettings.COMPRESSION_RATE.name(), rate + " (expected: 0 or more bytes)");
    }
    String directory = settings.get(BinlogSettings.ARCHIVE_DIR);
    FormOptions forms =
        new FormOptions(
            settings.get(BinlogSettings.COMPRESSION),
            settings.get(BinlogSettings.COMPRESSION_LEVEL),
            rate,
            null,
            Duration.ZERO);
    if (directory.isEmpty()) {
      return forms;
    }
    try {
      Path archive = Path.of(directory);
      if (archive.isAbsolute()) {
        return forms.withArchive(archive, settings.get(BinlogSettings.ARCHIVE_AFTER));
      }
    } catch (InvalidPathException e) {
      throw wrongArchive(directory);
    }
    throw wrongArchive(directory);
  }

  private static InvalidConfigException wrongArchive(String directory) {
    return new InvalidConfigException(
        BinlogSettings.ARCHIVE_DIR.name(), directory + " (expected: an absolute path)");
  }

  private static Map<String, String> presented(Settings settings) {
    Map<String, String> presented = new HashMap<>();
    String semiSync = settings.get(BinlogSettings.SEMI_SYNC) ? "ON" : "OFF";
    presented.put("rpl_semi_sync_slave_enabled", semiSync);
    presented.put("rpl_semi_sync_replica_enabled", semiSync);
    if (settings.get(BinlogSettings.MASTER_ID) != 0) {
      presented.put("server_id", Long.toString(settings.get(BinlogSettings.MASTER_ID)));
    }
    if (!settings.get(BinlogSettings.MASTER_VERSION).isEmpty()) {
      presented.put("version", settings.get(BinlogSettings.MASTER_VERSION));
    }
    if (!settings.get(BinlogSettings.MASTER_HOSTNAME).isEmpty()) {
      presented.put("hostname", settings.get(BinlogSettings.MASTER_HOSTNAME));
    }
    if (!settings.get(BinlogSettings.MASTER_UUID).isEmpty()) {
      presented.put("server_uuid", uuid(settings.get(BinlogSettings.MASTER_UUID)));
    }
    return Map.copyOf(presented);
  }

  private static String uuid(String text) {
    try {
      if (UUID.fromString(text).toString().equalsIgnoreCase(text)) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw wrongUuid(text);
    }
    throw wrongUuid(text);
  }

  private static InvalidConfigException wrongUuid(String text) {
    return new InvalidConfigException(
        BinlogSettings.MASTER_UUID.name(),
        text + " (expected: a uuid such as 3e11fa47-71ca-11e1-9e33-c80aa9429562)");
  }

  private static StartPoint start(String text) {
    try {
      return StartPoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException(
          BinlogSettings.START.name(),
          text + " (expected: first, latest, a file name, a GTID position or a GTID set)");
    }
  }

  private void check() {
    if (reconnectMin.isZero()) {
      throw new InvalidConfigException(
          BinlogSettings.RECONNECT_MIN.name(), "0s (expected: more than 0s)");
    }
    if (reconnectMax.compareTo(reconnectMin) < 0) {
      throw new InvalidConfigException(
          BinlogSettings.RECONNECT_MAX.name(),
          BinlogSettings.RECONNECT_MAX.type().print(reconnectMax)
              + " (expected: at least reconnect-min, "
              + BinlogSettings.RECONNECT_MIN.type().print(reconnectMin)
              + ")");
    }
    if (reportHost.length() > 255) {
      throw new InvalidConfigException(
          BinlogSettings.REPORT_HOST.name(), "too long (expected: up to 255 characters)");
    }
    if (!sync.isOn() && serveAfter == ServeAfter.SYNCED) {
      throw new InvalidConfigException(
          BinlogSettings.SERVE_AFTER.name(), "synced (expected: written, because sync is none)");
    }
    if (!transactionSafety && serveAfter == ServeAfter.SYNCED) {
      throw new InvalidConfigException(
          BinlogSettings.TRANSACTION_SAFETY.name(),
          "off (expected: on, because serve-after is synced)");
    }
    if (retention.hardSize() > 0 && retention.hardSize() < retention.size()) {
      throw new InvalidConfigException(
          BinlogSettings.RETENTION_HARD_SIZE.name(),
          retention.hardSize()
              + " (expected: 0, or at least retention-size, "
              + retention.size()
              + ")");
    }
    memory(BinlogSettings.TAIL_SIZE.name(), tailSize);
    memory(BinlogSettings.CACHE_SIZE.name(), cacheSize);
  }

  /** When the master is told that a transaction is stored. */
  MasterConnector.SemiSync acknowledges() {
    if (!semiSync) {
      return MasterConnector.SemiSync.OFF;
    }
    return sync.isOn() ? MasterConnector.SemiSync.SYNCED : MasterConnector.SemiSync.WRITTEN;
  }

  private static void memory(String name, long bytes) {
    if (bytes < MIN_MEMORY || bytes > Integer.MAX_VALUE) {
      throw new InvalidConfigException(name, bytes + " (expected: 1 MiB to 2047 MiB)");
    }
  }
}
