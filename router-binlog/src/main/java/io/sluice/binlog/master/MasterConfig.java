package io.sluice.binlog.master;

import java.time.Duration;

/**
 * Which master the relay follows and how to reach it. Immutable; the password is never printed.
 *
 * @param origin where the target comes from
 * @param host host name or address
 * @param port TCP port
 * @param user whom to log in as
 * @param password of the user
 * @param tls encryption
 * @param useGtid whether another master may be found by GTID
 * @param start where an empty store begins
 * @param heartbeatPeriod what the master is asked for; zero for none
 * @param connectRetry the first pause between attempts
 * @param retryCount how many attempts in a row may fail before the link gives up; 0 for any number
 * @param publicKey how a password reaches a server that does not know it yet, without TLS
 * @param mayBeginEpoch whether an administrator has allowed that the master is not the one whose
 *     files are stored
 * @param wantsRunning whether the link shall run
 */
public record MasterConfig(
    Origin origin,
    String host,
    int port,
    String user,
    String password,
    MasterTls tls,
    UseGtid useGtid,
    StartPoint start,
    Duration heartbeatPeriod,
    Duration connectRetry,
    int retryCount,
    MasterPublicKey publicKey,
    boolean mayBeginEpoch,
    boolean wantsRunning) {

  /** Where the target comes from. */
  public enum Origin {
    /** The configuration file. */
    CONFIGURATION("configuration"),
    /** An administrator's {@code CHANGE MASTER}; differs from the configuration file. */
    CHANGE_MASTER("change master");

    private final String label;

    Origin(String label) {
      this.label = label;
    }

    /** The word for administrators. */
    public String label() {
      return label;
    }
  }

  /** The same with another start of an empty store. */
  public MasterConfig withStart(StartPoint value) {
    return copy(value, mayBeginEpoch, wantsRunning);
  }

  /** The same with the permission to follow another history given or taken. */
  public MasterConfig withMayBeginEpoch(boolean value) {
    return copy(start, value, wantsRunning);
  }

  /** The same with the link running or not. */
  public MasterConfig withWantsRunning(boolean value) {
    return copy(start, mayBeginEpoch, value);
  }

  private MasterConfig copy(StartPoint newStart, boolean newMayBegin, boolean newWants) {
    return new MasterConfig(
        origin,
        host,
        port,
        user,
        password,
        tls,
        useGtid,
        newStart,
        heartbeatPeriod,
        connectRetry,
        retryCount,
        publicKey,
        newMayBegin,
        newWants);
  }

  /** Who and where, as a replica's errors name it. */
  public String address() {
    return user + "@" + host + ":" + port;
  }

  @Override
  public String toString() {
    return "MasterConfig["
        + origin.label()
        + ", "
        + address()
        + ", useGtid="
        + useGtid
        + ", running="
        + wantsRunning
        + "]";
  }
}
