package io.sluice.binlog;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.SettingsSpec;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.Compression;
import io.sluice.binlog.store.FormOptions;
import io.sluice.binlog.store.ServeAfter;
import io.sluice.binlog.store.SyncPolicy;
import java.time.Duration;

/** The settings of the binlog router, as an administrator writes them in {@code options}. */
final class BinlogSettings {

  static final Setting<Long> SERVER_ID =
      Setting.required(
          "server-id",
          SettingTypes.longInteger(1, 4_294_967_295L),
          "The relay's own server id as a replica of the master. No other server of the topology may have it.");

  static final Setting<String> START =
      Setting.of(
          "start",
          SettingTypes.STRING,
          "first",
          "Where an empty store begins: `first` (the oldest file of the master), `latest` (its current file), a file name, or a GTID"
              + " position such as `0-1-100`, of a MySQL master a GTID set such as"
              + " `3e11fa47-71ca-11e1-9e33-c80aa9429562:1-100` (the file that holds it). Always from the beginning of a file; unused once the store has data.");

  static final Setting<Duration> HEARTBEAT_PERIOD =
      Setting.of(
          "heartbeat-period",
          SettingTypes.DURATION,
          Duration.ofSeconds(10),
          "How often the master shall say that it is alive when it has nothing to send. Three periods of silence end the connection.");

  static final Setting<Duration> RECONNECT_MIN =
      Setting.of(
          "reconnect-min",
          SettingTypes.DURATION,
          Duration.ofSeconds(1),
          "The pause before the first new attempt to reach the master; doubled after each failure.");

  static final Setting<Duration> RECONNECT_MAX =
      Setting.of(
          "reconnect-max",
          SettingTypes.DURATION,
          Duration.ofSeconds(30),
          "The longest pause between two attempts to reach the master; also the pause after a refused login.");

  static final Setting<String> REPORT_HOST =
      Setting.of(
          "report-host",
          SettingTypes.STRING,
          "",
          "The host name that the master shows for the relay in SHOW SLAVE HOSTS; empty lets the master show the address it sees.");

  static final Setting<Integer> REPORT_PORT =
      Setting.of(
          "report-port",
          SettingTypes.integer(0, 65_535),
          0,
          "The port that the master shows for the relay in SHOW SLAVE HOSTS.");

  static final Setting<SyncPolicy> SYNC =
      Setting.of(
          "sync",
          new SyncSetting(),
          SyncPolicy.TRANSACTION,
          "When stored transactions are forced to disk: `transaction` (at once, those that arrive while a force runs share the next one),"
              + " a duration such as `100ms` (at most that long after it was written), or `none` (left to the operating system:"
              + " survives a crash of the process, not of the machine). A file is always forced before the next one begins.");

  static final Setting<ServeAfter> SERVE_AFTER =
      Setting.of(
          "serve-after",
          SettingTypes.oneOf(ServeAfter.class),
          ServeAfter.WRITTEN,
          "When replicas may see a transaction: once it is `written`, or only once it is `synced` to disk (not with `sync = none`).");

  static final Setting<Boolean> TRANSACTION_SAFETY =
      Setting.of(
          "transaction-safety",
          SettingTypes.BOOLEAN,
          true,
          "Whether replicas see a transaction only once it is whole. `off` sends each event as soon as it is stored: less delay with large"
              + " transactions, but a replica may have begun one that the master takes back when it crashes."
              + " Not with `serve-after = synced`.");

  static final Setting<Compression> COMPRESSION =
      Setting.of(
          "compression",
          SettingTypes.oneOf(Compression.class),
          Compression.NONE,
          "How closed files of the log are kept: `none` (as they came) or `zstd` (in the background, oldest first; replicas and tools see"
              + " no difference). Files that are compressed stay so.");

  static final Setting<Integer> COMPRESSION_LEVEL =
      Setting.of(
          "compression-level",
          SettingTypes.integer(1, 22),
          FormOptions.DEFAULT_LEVEL,
          "How hard zstd tries: 1 is fast, 22 is small.");

  static final Setting<Long> COMPRESSION_RATE =
      Setting.of(
          "compression-rate",
          SettingTypes.SIZE,
          0L,
          "How many bytes of the log per second may be compressed, and how many may be copied to the archive, so that the disk and the"
              + " processor have time for the replicas; 0 means any number.");

  static final Setting<String> ENCRYPTION_KEY_FILE =
      Setting.of(
          "encryption-key-file",
          SettingTypes.STRING,
          "",
          "A file with the keys for encryption at rest, one per line: `<id>;<key>`, the key as 32, 48 or 64 hexadecimal digits; lines that"
              + " begin with `#` are remarks. Nobody but owner and group may have any right on it. It must have the key of each file of the"
              + " store. A path that is not absolute counts from the home of the installation.");

  static final Setting<Long> ENCRYPTION_KEY_ID =
      Setting.of(
          "encryption-key-id",
          SettingTypes.longInteger(0, KeyRing.MAX_ID),
          0L,
          "The key that the store is encrypted with from now on, by its id in the key file; 0 leaves what is written as it is. Closed files"
              + " that are not encrypted are brought into the encrypted form in the background. Files that were encrypted with another key"
              + " stay so, and can be read as long as that key is in the key file.");

  static final Setting<String> ARCHIVE_DIR =
      Setting.of(
          "archive-dir",
          SettingTypes.STRING,
          "",
          "A second directory, such as a mounted share, to which closed files go. They are still part of the log: replicas read them from"
              + " there, and a purge removes them there. The directory must exist and belong to this service alone. Empty keeps all files"
              + " in the data directory.");

  static final Setting<Duration> ARCHIVE_AFTER =
      Setting.of(
          "archive-after",
          SettingTypes.DURATION,
          Duration.ZERO,
          "How long a file stays in the data directory after it was closed, before it goes to `archive-dir`.");

  static final Setting<Duration> RETENTION_TIME =
      Setting.of(
          "retention-time",
          SettingTypes.DURATION,
          Duration.ZERO,
          "How long a file of the log is kept after its last event, by the master's clock; `0s` keeps it for ever. As with all"
              + " `retention-` settings the oldest files go first, never the newest one, and never one that a connected or a known"
              + " replica still needs.");

  static final Setting<Long> RETENTION_SIZE =
      Setting.of(
          "retention-size",
          SettingTypes.SIZE,
          0L,
          "How many bytes the log may take on disk, archived files included, before the oldest files go; 0 for any number.");

  static final Setting<Integer> RETENTION_FILES =
      Setting.of(
          "retention-files",
          SettingTypes.integer(0, Integer.MAX_VALUE),
          0,
          "How many files the log may have, the newest one included, before the oldest ones go; 0 for any number.");

  static final Setting<Long> RETENTION_FREE =
      Setting.of(
          "retention-free",
          SettingTypes.SIZE,
          0L,
          "How many bytes the disk of the log shall keep free: if it has fewer, the oldest files go; with `archive-dir` they are"
              + " archived sooner instead. 0 for none.");

  static final Setting<Duration> RETENTION_REPLICA_TIME =
      Setting.of(
          "retention-replica-time",
          SettingTypes.DURATION,
          Duration.ofDays(7),
          "How long a replica is known after it was connected last, also over restarts: as long nothing that it still needs goes,"
              + " unless it is forgotten by command (`forget-replica`). `0s`: only connected replicas count.");

  static final Setting<Long> RETENTION_HARD_SIZE =
      Setting.of(
          "retention-hard-size",
          SettingTypes.SIZE,
          0L,
          "How many bytes the log may take on disk whoever needs them: above, the oldest files go, and connected replicas that read"
              + " them get error 1236. 0: replicas may hold any number.");

  static final Setting<Long> TAIL_SIZE =
      Setting.of(
          "tail-size",
          SettingTypes.SIZE,
          64L << 20,
          "How many of the newest bytes of the log stay in memory for replicas that are up to date.");

  static final Setting<Long> CACHE_SIZE =
      Setting.of(
          "cache-size",
          SettingTypes.SIZE,
          64L << 20,
          "Memory for older parts of the log that several replicas are reading.");

  static final Setting<Boolean> SEMI_SYNC =
      Setting.of(
          "semi-sync",
          SettingTypes.BOOLEAN,
          false,
          "Whether the relay registers as a semi-synchronous replica: a master whose rpl_semi_sync_master_enabled is ON then waits with"
              + " each commit until the relay has stored it; on disk unless `sync` is `none`.");

  static final Setting<Integer> MAX_REPLICAS =
      Setting.of(
          "max-replicas",
          SettingTypes.integer(0, 1_000_000),
          0,
          "How many replicas may stream at the same time; 0 means any number. One more is refused with error 1040 and tries again later.");

  static final Setting<Long> MASTER_ID =
      Setting.of(
          "master-id",
          SettingTypes.longInteger(0, 4_294_967_295L),
          0L,
          "The server id that replicas and clients are told when they ask for the relay's; 0 tells the real master's.");

  static final Setting<String> MASTER_VERSION =
      Setting.of(
          "master-version",
          SettingTypes.STRING,
          "",
          "The version that clients are told when they ask for it; empty tells the real master's. The greeting shows the listener's"
              + " `server-version`.");

  static final Setting<String> MASTER_HOSTNAME =
      Setting.of(
          "master-hostname",
          SettingTypes.STRING,
          "",
          "The host name that clients are told when they ask for it; empty tells the real master's.");

  static final Setting<String> MASTER_UUID =
      Setting.of(
          "master-uuid",
          SettingTypes.STRING,
          "",
          "The server uuid that replicas and clients of a MySQL master are told when they ask for the relay's; empty tells the real"
              + " master's.");

  static final SettingsSpec SPEC =
      SettingsSpec.of(
          SERVER_ID,
          START,
          HEARTBEAT_PERIOD,
          RECONNECT_MIN,
          RECONNECT_MAX,
          REPORT_HOST,
          REPORT_PORT,
          SYNC,
          SERVE_AFTER,
          TRANSACTION_SAFETY,
          COMPRESSION,
          COMPRESSION_LEVEL,
          COMPRESSION_RATE,
          ENCRYPTION_KEY_FILE,
          ENCRYPTION_KEY_ID,
          ARCHIVE_DIR,
          ARCHIVE_AFTER,
          RETENTION_TIME,
          RETENTION_SIZE,
          RETENTION_FILES,
          RETENTION_FREE,
          RETENTION_REPLICA_TIME,
          RETENTION_HARD_SIZE,
          TAIL_SIZE,
          CACHE_SIZE,
          SEMI_SYNC,
          MAX_REPLICAS,
          MASTER_ID,
          MASTER_VERSION,
          MASTER_HOSTNAME,
          MASTER_UUID);

  private BinlogSettings() {}
}
