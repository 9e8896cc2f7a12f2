package io.sluice.binlog.admin;

import io.sluice.api.admin.CommandException;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The arguments of the command change-master. Errors never repeat a password. Stateless. */
final class ChangeMasterArguments {
  /** All are optional. */
  static final List<String> NAMES =
      List.of(
          "[host]",
          "[port]",
          "[user]",
          "[password]",
          "[log-file]",
          "[log-pos]",
          "[use-gtid]",
          "[auto-position]",
          "[connect-retry]",
          "[retry-count]",
          "[heartbeat-period]",
          "[ssl]",
          "[ssl-verify-server-cert]",
          "[ssl-ca]",
          "[ssl-cert]",
          "[ssl-key]",
          "[get-public-key]",
          "[public-key-path]");

  private static final BigDecimal MAX_SECONDS = new BigDecimal("4294967");

  private ChangeMasterArguments() {}

  /**
   * Reads them.
   *
   * @throws CommandException for a value that cannot be
   */
  static MasterChange parse(Map<String, String> arguments) {
    if (arguments.isEmpty()) {
      throw new CommandException("arguments: none (expected: at least one)");
    }
    MasterChange.Builder change = MasterChange.builder();
    arguments.forEach((name, value) -> option(change, name, value));
    return change.build();
  }

  private static void option(MasterChange.Builder change, String name, String value) {
    switch (name) {
      case "host" -> change.host(value);
      case "port" -> change.port((int) number(name, value, 65_535));
      case "user" -> change.user(value);
      case "password" -> change.password(value);
      case "log-file" -> change.logFile(value);
      case "log-pos" -> change.logPos(number(name, value, Long.MAX_VALUE));
      case "use-gtid" -> change.useGtid(useGtid(value));
      case "auto-position" -> change.autoPosition(isTrue(name, value));
      case "retry-count" -> change.retryCount((int) number(name, value, Integer.MAX_VALUE));
      case "connect-retry" -> change.connectRetry(seconds(name, value));
      case "heartbeat-period" -> change.heartbeatPeriod(seconds(name, value));
      case "ssl" -> change.ssl(isTrue(name, value));
      case "ssl-verify-server-cert" -> change.sslVerify(isTrue(name, value));
      case "ssl-ca" -> change.sslCa(value);
      case "ssl-cert" -> change.sslCert(value);
      case "ssl-key" -> change.sslKey(value);
      case "get-public-key" -> change.getPublicKey(isTrue(name, value));
      case "public-key-path" -> change.publicKeyPath(value);
      default -> throw new CommandException(name + ": unknown (expected: one of " + NAMES + ")");
    }
  }

  private static long number(String name, String value, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new CommandException(name + ": " + value + " (expected: a number)");
    }
    throw new CommandException(name + ": " + value + " (expected: 0 to " + most + ")");
  }

  private static Duration seconds(String name, String value) {
    try {
      BigDecimal seconds = new BigDecimal(value);
      if (seconds.signum() >= 0 && seconds.compareTo(MAX_SECONDS) <= 0) {
        return Duration.ofMillis(
            seconds.movePointRight(3).setScale(0, RoundingMode.DOWN).longValue());
      }
    } catch (NumberFormatException e) {
      throw new CommandException(name + ": " + value + " (expected: seconds)");
    }
    throw new CommandException(name + ": " + value + " (expected: 0 to 4294967 seconds)");
  }

  private static UseGtid useGtid(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "no" -> UseGtid.NO;
      case "slave_pos", "replica_pos" -> UseGtid.SLAVE_POS;
      case "current_pos" -> UseGtid.CURRENT_POS;
      default ->
          throw new CommandException(
              "use-gtid: " + value + " (expected: no, slave_pos or current_pos)");
    };
  }

  /** Whether a switch is on. */
  static boolean isTrue(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw new CommandException(name + ": " + value + " (expected: true or false)");
    };
  }
}
