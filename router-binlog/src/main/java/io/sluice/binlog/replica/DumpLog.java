package io.sluice.binlog.replica;

import io.sluice.api.session.ReplyError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What is logged of one dump.
 *
 * @param service the relay's service
 * @param session the session's number
 * @param serverId the replica's server id
 */
record DumpLog(String service, long session, long serverId) {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaSession.class);

  private LoggingEventBuilder at(Level level) {
    return LOGGER
        .atLevel(level)
        .addKeyValue("service", service)
        .addKeyValue("session", session)
        .addKeyValue("replica", serverId);
  }

  void starts(String gtid, String file, long position) {
    at(Level.INFO)
        .addKeyValue("gtid", gtid)
        .addKeyValue("file", file)
        .addKeyValue("position", position)
        .log("replica starts");
  }

  void refused(ReplyError error) {
    at(Level.WARN)
        .addKeyValue("code", error.code())
        .addKeyValue("error", error.message())
        .log("replica refused");
  }

  void noStart(@Nullable Throwable cause) {
    at(Level.ERROR).setCause(cause).log("cannot find where a replica's stream begins");
  }

  void noCrossing(@Nullable Throwable cause) {
    at(Level.ERROR)
        .setCause(cause)
        .log("cannot find where a replica's stream goes on in the next epoch");
  }

  void unreadable(String detail) {
    at(Level.ERROR).addKeyValue("error", detail).log("cannot read the log for a replica");
  }

  void defect(Throwable cause) {
    at(Level.ERROR).setCause(cause).log("a replica's stream failed");
  }

  void malformedAck(int bytes) {
    at(Level.WARN).addKeyValue("bytes", bytes).log("replica sent a malformed acknowledgement");
  }
}
