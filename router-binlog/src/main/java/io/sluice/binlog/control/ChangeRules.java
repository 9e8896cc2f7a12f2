package io.sluice.binlog.control;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterPublicKey;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.master.StartPoint;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.Watermark;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a change makes of a configuration, as a server would; refuses what would make a gap.
 * Stateless.
 */
final class ChangeRules {
  private static final long MAX_HEARTBEAT_SECONDS = 4_294_967;

  private ChangeRules() {}

  /**
   * Applies CHANGE MASTER.
   *
   * @param from what is
   * @param change what is asked for
   * @param end where the stored log ends
   * @param words for refusals
   * @throws ControlException if it cannot be done
   */
  static MasterConfig apply(
      MasterConfig from, MasterChange change, Watermark end, ControlWords words) {
    checkAddress(change, words);
    checkTimes(change, words);
    checkFamily(change, end);
    boolean coordinates = change.logFile() != null || change.logPos() != null;
    if (coordinates && isByGtid(from, change, words)) {
      throw words.coordinatesWithGtid();
    }
    String host = or(change.host(), from.host());
    int port = or(change.port(), from.port());
    UseGtid useGtid = useGtid(from, change);
    boolean elsewhere = !host.equals(from.host()) || port != from.port();
    boolean gtid = useGtid != UseGtid.NO;
    boolean asked = change.useGtid() != null || change.autoPosition() != null;
    boolean mayBegin = gtid && (from.mayBeginEpoch() || elsewhere || asked);
    return new MasterConfig(
        MasterConfig.Origin.CHANGE_MASTER,
        host,
        port,
        or(change.user(), from.user()),
        or(change.password(), from.password()),
        tls(from.tls(), change),
        useGtid,
        start(from.start(), change, end, words),
        or(change.heartbeatPeriod(), from.heartbeatPeriod()),
        or(change.connectRetry(), from.connectRetry()),
        or(change.retryCount(), from.retryCount()),
        new MasterPublicKey(
            or(change.getPublicKey(), from.publicKey().fetch()),
            or(change.publicKeyPath(), from.publicKey().file())),
        mayBegin,
        from.wantsRunning());
  }

  private static <T> T or(@Nullable T wanted, T otherwise) {
    return wanted == null ? otherwise : wanted;
  }

  private static void checkAddress(MasterChange change, ControlWords words) {
    String host = change.host();
    if (host != null && host.isBlank()) {
      throw words.wrong("HOST");
    }
    Integer port = change.port();
    if (port != null && (port < 1 || port > 65_535)) {
      throw words.wrong("PORT");
    }
  }

  /** An empty store may get a master of either family. */
  private static void checkFamily(MasterChange change, Watermark end) {
    if (change.useGtid() != null) {
      require(ServerFamily.MARIADB, end.family(), "use_gtid", "auto_position");
    }
    if (change.autoPosition() != null) {
      require(ServerFamily.MYSQL, end.family(), "auto_position", "use_gtid");
    }
  }

  private static void require(
      ServerFamily wanted, @Nullable ServerFamily is, String what, String instead) {
    if (is != null && is != wanted) {
      throw ControlException.of(
          ControlException.NOT_SUPPORTED,
          what
              + ": the relay follows "
              + is.label()
              + " (expected: "
              + wanted.label()
              + "; what "
              + is.label()
              + " has instead is "
              + instead
              + ")");
    }
  }

  private static void checkTimes(MasterChange change, ControlWords words) {
    Duration retry = change.connectRetry();
    if (retry != null && (retry.isNegative() || retry.isZero())) {
      throw words.wrong("CONNECT_RETRY");
    }
    Duration heartbeat = change.heartbeatPeriod();
    if (heartbeat != null
        && (heartbeat.isNegative() || heartbeat.toSeconds() > MAX_HEARTBEAT_SECONDS)) {
      throw new ControlException(
          ControlException.HEARTBEAT_RANGE,
          ControlException.GENERAL_STATE,
          "The requested value for the heartbeat period is either negative or exceeds the maximum allowed (4294967 seconds)");
    }
    Integer retries = change.retryCount();
    if (retries != null && retries < 0) {
      throw words.wrong("RETRY_COUNT");
    }
  }

  /** MySQL wants it switched off by name before coordinates count. */
  private static boolean isByGtid(MasterConfig from, MasterChange change, ControlWords words) {
    if (change.useGtid() != null) {
      return change.useGtid() != UseGtid.NO;
    }
    Boolean autoPosition = change.autoPosition();
    return autoPosition == null
        ? words instanceof MySqlWords && from.useGtid() != UseGtid.NO
        : autoPosition;
  }

  /** Coordinates without a word about GTIDs mean that GTIDs are not used. */
  private static UseGtid useGtid(MasterConfig from, MasterChange change) {
    if (change.useGtid() != null) {
      return change.useGtid();
    }
    Boolean autoPosition = change.autoPosition();
    if (autoPosition != null) {
      return autoPosition ? UseGtid.SLAVE_POS : UseGtid.NO;
    }
    return change.logFile() != null || change.logPos() != null ? UseGtid.NO : from.useGtid();
  }

  private static MasterTls tls(MasterTls from, MasterChange change) {
    boolean enabled = or(change.ssl(), from.enabled());
    boolean required = change.ssl() == null ? from.required() : enabled;
    return new MasterTls(
        enabled,
        required,
        or(change.sslVerify(), from.verify()),
        or(change.sslCa(), from.ca()),
        or(change.sslCert(), from.cert()),
        or(change.sslKey(), from.key()));
  }

  private static StartPoint start(
      StartPoint from, MasterChange change, Watermark end, ControlWords words) {
    String file = change.logFile();
    Long position = change.logPos();
    if (file == null && position == null) {
      return from;
    }
    String wanted = (file == null ? "?" : file) + " at " + (position == null ? "?" : position);
    if (!end.isEmpty()) {
      boolean same =
          (file == null || file.equals(end.file().name()))
              && (position == null || position == end.offset());
      if (!same) {
        throw conflict(
            words, "the relay's log ends in " + end.file().name() + " at " + end.offset(), wanted);
      }
      return from;
    }
    if (position != null && position != 0 && position != BinlogFileFormat.FIRST_EVENT) {
      throw conflict(words, "the relay copies files whole, from position 4 on", wanted);
    }
    if (file == null || file.isEmpty()) {
      return new StartPoint.First();
    }
    if (!StartPoint.FILE_NAME.matcher(file).matches()) {
      throw words.wrong("LOG_FILE");
    }
    return new StartPoint.File(file);
  }

  /**
   * Applies SET GLOBAL gtid_slave_pos.
   *
   * @throws ControlException if it would make a gap, or the relay follows MySQL
   */
  static MasterConfig apply(
      MasterConfig from, MariaDbGtidList position, Watermark end, ControlWords words) {
    require(ServerFamily.MARIADB, family(end, words), "gtid_slave_pos", "gtid_purged");
    if (end.isEmpty()) {
      boolean none = !position.iterator().hasNext();
      return from.withStart(none ? new StartPoint.First() : new StartPoint.Gtid(position));
    }
    MariaDbGtidList ours = MariaDbBinlogState.of(end.state()).position();
    if (!ours.equals(position)) {
      throw conflict(words, "the relay's log ends at GTID '" + ours + "'", "'" + position + "'");
    }
    return from;
  }

  /**
   * Applies SET GLOBAL gtid_purged.
   *
   * @param purged what is in no file of the store
   * @throws ControlException if it would make a gap, or the relay follows MariaDB
   */
  static MasterConfig apply(
      MasterConfig from, MySqlGtidSet set, Watermark end, GtidState purged, ControlWords words) {
    require(ServerFamily.MYSQL, family(end, words), "gtid_purged", "gtid_slave_pos");
    if (end.isEmpty()) {
      return from.withStart(set.isEmpty() ? new StartPoint.First() : new StartPoint.GtidSet(set));
    }
    if (purged instanceof MySqlGtidSet ours && ours.equals(set)) {
      return from;
    }
    throw words.purgedConflict();
  }

  /** That of the log, before there is one that of the master, null if that is not known either. */
  private static @Nullable ServerFamily family(Watermark end, ControlWords words) {
    ServerFamily stored = end.family();
    return stored == null ? words.family() : stored;
  }

  private static ControlException conflict(ControlWords words, String what, String wanted) {
    return words.conflict(
        "Cannot start replication from "
            + wanted
            + ": "
            + what
            + "; anything else would make a gap or a copy");
  }
}
