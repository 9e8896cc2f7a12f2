package io.sluice.binlog.replica;

import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.MySqlSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What of the presented master a dump depends on. Immutable.
 *
 * @param family whose rules are in force
 * @param mysql what a MySQL source's answers depend on
 * @param newSemiSync whether a MySQL source has the plugin to which replicas say {@code
 *     rpl_semi_sync_replica}
 * @param oldSemiSync whether it has the one to which they say {@code rpl_semi_sync_slave}
 * @param ownPosition what a MariaDB master has itself replicated: its {@code gtid_slave_pos}
 */
public record PresentedSource(
    ServerFamily family,
    MySqlSource mysql,
    boolean newSemiSync,
    boolean oldSemiSync,
    MariaDbGtidList ownPosition) {

  /**
   * Reads the master's variables.
   *
   * @param variables the value of a variable, null for none
   */
  public static PresentedSource of(
      Function<String, @Nullable String> variables, MariaDbGtidList ownPosition) {
    String version = variables.apply("version");
    return new PresentedSource(
        version == null ? ServerFamily.MARIADB : ServerFamily.ofVersion(version),
        MySqlSource.of(variables),
        variables.apply("rpl_semi_sync_source_enabled") != null,
        variables.apply("rpl_semi_sync_master_enabled") != null,
        ownPosition);
  }

  /** Whether the master verifies checksums before it sends events. */
  public static boolean verifiesChecksums(Function<String, @Nullable String> variables) {
    return "ON".equals(variables.apply("master_verify_checksum"))
        || "ON".equals(variables.apply("source_verify_checksum"));
  }

  /** Whether a stream that does not wait ends without saying how far it has skipped. */
  boolean endsSilently() {
    return mysql.isOf56();
  }

  boolean isMySql() {
    return family == ServerFamily.MYSQL;
  }
}
