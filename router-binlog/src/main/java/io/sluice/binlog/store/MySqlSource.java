package io.sluice.binlog.store;

import io.sluice.binlog.gtid.ServerVersion;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the answers of a MySQL source to a dump depend on. Immutable.
 *
 * @param version as MySQL counts it: 90704 for 9.7.4
 * @param uuid its {@code server_uuid}; null if unknown
 * @param gtidMode its {@code gtid_mode}
 * @param logDirectory what stands in front of the names of its log files, with the last slash
 */
public record MySqlSource(int version, @Nullable UUID uuid, String gtidMode, String logDirectory) {
  private static final int UUID_LENGTH = 36;

  /** Releases in which a source of 5.6 differs from the later ones. */
  private static final int DUMP_THREAD_OF_5_7 = 50700;

  private static final int NAMES_MISSING = 50719;

  /** Since then the texts say source and replica. */
  private static final int NEW_WORDS = 80031;

  private static final int HEARTBEAT_V2 = 80026;

  /**
   * Reads the source's variables.
   *
   * @param variables the value of a variable, null for none
   */
  public static MySqlSource of(Function<String, @Nullable String> variables) {
    String mode = variables.apply("gtid_mode");
    String version = variables.apply("version");
    return new MySqlSource(
        version == null ? 0 : ServerVersion.number(version),
        uuid(variables.apply("server_uuid")),
        mode == null ? "OFF" : mode,
        directory(variables.apply("log_bin_basename"), variables.apply("datadir")));
  }

  private static @Nullable UUID uuid(@Nullable String text) {
    if (text == null || text.length() != UUID_LENGTH) {
      return null;
    }
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A name without a directory is kept as one in the directory of the data. */
  private static String directory(@Nullable String base, @Nullable String data) {
    int slash = base == null ? -1 : base.lastIndexOf('/');
    if (base == null || slash < 0) {
      return "./";
    }
    String directory = base.substring(0, slash + 1);
    return directory.equals(data) ? "./" : directory;
  }

  /** Whether streams are sent as by 5.6, whose rules differ in details. */
  public boolean isOf56() {
    return version < DUMP_THREAD_OF_5_7;
  }

  /** Whether texts say source and replica. */
  boolean saysSource() {
    return version >= NEW_WORDS;
  }

  /** Whether it is 5.7 or older. */
  boolean isBefore8() {
    return version < 80000;
  }

  /** Whether the error for purged files names the missing transactions. */
  boolean namesMissing() {
    return version >= NAMES_MISSING;
  }

  /** Whether it knows the second form of the heartbeat. */
  public boolean knowsHeartbeatV2() {
    return version >= HEARTBEAT_V2;
  }

  /** Whether GTIDs are on. */
  boolean isGtidModeOn() {
    return gtidMode.equals("ON");
  }
}
