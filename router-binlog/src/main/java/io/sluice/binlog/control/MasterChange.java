package io.sluice.binlog.control;

import io.sluice.binlog.master.UseGtid;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code CHANGE MASTER TO} and {@code CHANGE REPLICATION SOURCE TO} ask for, one field for
 * each option; null leaves it as it is. Immutable. The password is never printed.
 *
 * @param host MASTER_HOST
 * @param port MASTER_PORT
 * @param user MASTER_USER
 * @param password MASTER_PASSWORD
 * @param connectRetry MASTER_CONNECT_RETRY
 * @param heartbeatPeriod MASTER_HEARTBEAT_PERIOD; zero for none
 * @param logFile MASTER_LOG_FILE
 * @param logPos MASTER_LOG_POS
 * @param useGtid MASTER_USE_GTID of MariaDB
 * @param autoPosition SOURCE_AUTO_POSITION of MySQL
 * @param ssl MASTER_SSL
 * @param sslVerify MASTER_SSL_VERIFY_SERVER_CERT
 * @param sslCa MASTER_SSL_CA; empty for none
 * @param sslCert MASTER_SSL_CERT; empty for none
 * @param sslKey MASTER_SSL_KEY; empty for none
 * @param retryCount MASTER_RETRY_COUNT; 0 for any number
 * @param getPublicKey GET_SOURCE_PUBLIC_KEY of MySQL
 * @param publicKeyPath SOURCE_PUBLIC_KEY_PATH of MySQL; empty for none
 */
public record MasterChange(
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String user,
    @Nullable String password,
    @Nullable Duration connectRetry,
    @Nullable Duration heartbeatPeriod,
    @Nullable String logFile,
    @Nullable Long logPos,
    @Nullable UseGtid useGtid,
    @Nullable Boolean autoPosition,
    @Nullable Boolean ssl,
    @Nullable Boolean sslVerify,
    @Nullable String sslCa,
    @Nullable String sslCert,
    @Nullable String sslKey,
    @Nullable Integer retryCount,
    @Nullable Boolean getPublicKey,
    @Nullable String publicKeyPath) {

  /** Gathers the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String toString() {
    return "MasterChange[host="
        + host
        + ", port="
        + port
        + ", user="
        + user
        + ", useGtid="
        + useGtid
        + ", autoPosition="
        + autoPosition
        + ", logFile="
        + logFile
        + ", logPos="
        + logPos
        + "]";
  }

  /** Gathers the options of a change. Not thread-safe. */
  public static final class Builder {
    private @Nullable String host;
    private @Nullable Integer port;
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable Duration connectRetry;
    private @Nullable Duration heartbeatPeriod;
    private @Nullable String logFile;
    private @Nullable Long logPos;
    private @Nullable UseGtid useGtid;
    private @Nullable Boolean autoPosition;
    private @Nullable Boolean ssl;
    private @Nullable Boolean sslVerify;
    private @Nullable String sslCa;
    private @Nullable String sslCert;
    private @Nullable String sslKey;
    private @Nullable Integer retryCount;
    private @Nullable Boolean getPublicKey;
    private @Nullable String publicKeyPath;

    private Builder() {}

    /** MASTER_HOST. */
    public Builder host(String value) {
      host = value;
      return this;
    }

    /** MASTER_PORT. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** MASTER_USER. */
    public Builder user(String value) {
      user = value;
      return this;
    }

    /** MASTER_PASSWORD. */
    public Builder password(String value) {
      password = value;
      return this;
    }

    /** MASTER_CONNECT_RETRY. */
    public Builder connectRetry(Duration value) {
      connectRetry = value;
      return this;
    }

    /** MASTER_HEARTBEAT_PERIOD. */
    public Builder heartbeatPeriod(Duration value) {
      heartbeatPeriod = value;
      return this;
    }

    /** MASTER_LOG_FILE. */
    public Builder logFile(String value) {
      logFile = value;
      return this;
    }

    /** MASTER_LOG_POS. */
    public Builder logPos(long value) {
      logPos = value;
      return this;
    }

    /** MASTER_USE_GTID. */
    public Builder useGtid(UseGtid value) {
      useGtid = value;
      return this;
    }

    /** SOURCE_AUTO_POSITION. */
    public Builder autoPosition(boolean value) {
      autoPosition = value;
      return this;
    }

    /** MASTER_SSL. */
    public Builder ssl(boolean value) {
      ssl = value;
      return this;
    }

    /** MASTER_SSL_VERIFY_SERVER_CERT. */
    public Builder sslVerify(boolean value) {
      sslVerify = value;
      return this;
    }

    /** MASTER_SSL_CA. */
    public Builder sslCa(String value) {
      sslCa = value;
      return this;
    }

    /** MASTER_SSL_CERT. */
    public Builder sslCert(String value) {
      sslCert = value;
      return this;
    }

    /** MASTER_SSL_KEY. */
    public Builder sslKey(String value) {
      sslKey = value;
      return this;
    }

    /** MASTER_RETRY_COUNT. */
    public Builder retryCount(int value) {
      retryCount = value;
      return this;
    }

    /** GET_SOURCE_PUBLIC_KEY. */
    public Builder getPublicKey(boolean value) {
      getPublicKey = value;
      return this;
    }

    /** SOURCE_PUBLIC_KEY_PATH. */
    public Builder publicKeyPath(String value) {
      publicKeyPath = value;
      return this;
    }

    /** The change. */
    public MasterChange build() {
      return new MasterChange(
          host,
          port,
          user,
          password,
          connectRetry,
          heartbeatPeriod,
          logFile,
          logPos,
          useGtid,
          autoPosition,
          ssl,
          sslVerify,
          sslCa,
          sslCert,
          sslKey,
          retryCount,
          getPublicKey,
          publicKeyPath);
    }
  }
}
