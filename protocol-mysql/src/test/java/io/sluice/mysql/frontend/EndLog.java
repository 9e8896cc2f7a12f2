package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** Takes the log of the proxy instead of the console, and counts how sessions ended. */
final class EndLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private static final int TOLD = 5;

  /** Longer ones are not a reason but what the peer sent. */
  private static final int LONGEST_DETAIL = 400;

  private final Logger proxy = (Logger) LoggerFactory.getLogger("io.sluice");
  private final Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
  private final Logger ledger =
      (Logger) LoggerFactory.getLogger("io.sluice.core.session.SessionLedger");
  private final Map<String, String> ended = new ConcurrentHashMap<>();
  private final Map<String, Integer> reasons = new ConcurrentHashMap<>();
  private final Map<String, Integer> details = new ConcurrentHashMap<>();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();

  EndLog() {
    start();
    // Sessions of nobody that end without a word are told on DEBUG.
    ledger.setLevel(Level.DEBUG);
    for (Logger logger : new Logger[] {proxy, netty}) {
      logger.setAdditive(false);
      logger.addAppender(this);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)
        || event.getThrowableProxy() != null
        || (event.getLevel().equals(Level.WARN) && event.getLoggerName().startsWith("io.netty"))) {
      problem(event);
    }
    if (event.getMessage().equals("session ended")) {
      String session = value(event, "session");
      String reason = value(event, "reason");
      reasons.merge(reason, 1, Integer::sum);
      details.merge(
          reason + ": " + value(event, "detail").replaceAll("\\d+", "N"), 1, Integer::sum);
      if (ended.put(session, reason) != null) {
        problems.add("session " + session + " ended twice");
      }
      String detail = value(event, "detail");
      if (reason.isEmpty()
          || detail.isEmpty()
          || detail.length() > LONGEST_DETAIL
          || reason.equals("internal_error")) {
        problem(event);
      }
    }
  }

  private void problem(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    problems.add(
        event.getLevel()
            + " "
            + event.getLoggerName()
            + " "
            + event.getFormattedMessage()
            + " "
            + event.getKeyValuePairs()
            + (thrown == null
                ? ""
                : "\n" + ch.qos.logback.classic.spi.ThrowableProxyUtil.asString(thrown)));
  }

  private static String value(ILoggingEvent event, String key) {
    for (KeyValuePair pair : event.getKeyValuePairs()) {
      if (pair.key.equals(key)) {
        return String.valueOf(pair.value);
      }
    }
    return "";
  }

  /** How many sessions were told to have ended. */
  int ends() {
    return ended.size();
  }

  /** How often each reason was given. */
  Map<String, Integer> reasons() {
    return new TreeMap<>(reasons);
  }

  /** How often which detail was given, numbers left out. */
  Map<String, Integer> details() {
    return new TreeMap<>(details);
  }

  /** Neither a defect nor a session that ended without a reason. */
  void assertCalm(String seed) {
    assertThat(problems.stream().limit(TOLD).toList())
        .as("%s: %d problems in the log", seed, problems.size())
        .isEmpty();
  }

  @Override
  public void close() {
    for (Logger logger : new Logger[] {proxy, netty}) {
      logger.detachAppender(this);
      logger.setAdditive(true);
    }
    ledger.setLevel(null);
    stop();
  }
}
