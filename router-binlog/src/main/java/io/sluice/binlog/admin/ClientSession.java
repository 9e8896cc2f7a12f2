package io.sluice.binlog.admin;

import java.time.Clock;

/**
 * What one client's session is doing, for SHOW PROCESSLIST. Written on the event loop of the
 * session, read on any thread.
 */
public final class ClientSession {
  private static final String IDLE = "Sleep";

  private final long id;
  private final String user;
  private final String host;
  private final Clock clock;
  private volatile Activity activity;

  /**
   * What a session has been doing since when. Immutable.
   *
   * @param command as a server calls it
   * @param statement the statement, or an empty text
   * @param sinceMillis milliseconds since 1970
   */
  public record Activity(String command, String statement, long sinceMillis) {}

  ClientSession(long id, String user, String host, Clock clock) {
    this.id = id;
    this.user = user;
    this.host = host;
    this.clock = clock;
    this.activity = new Activity(IDLE, "", clock.millis());
  }

  /** A command begins. */
  public void begin(String command, String statement) {
    activity = new Activity(command, statement, clock.millis());
  }

  /** The command was answered. */
  public void idle() {
    activity = new Activity(IDLE, "", clock.millis());
  }

  /** The session's number, which is the connection id too. */
  public long id() {
    return id;
  }

  /** The user's name. */
  public String user() {
    return user;
  }

  /** The client's address. */
  public String host() {
    return host;
  }

  /** What it is doing. */
  public Activity activity() {
    return activity;
  }

  /** Whether it waits for the client. */
  public boolean isIdle() {
    return activity.command().equals(IDLE);
  }

  /** Seconds since it began what it is doing. */
  public long seconds() {
    return Math.max(0, clock.millis() - activity.sinceMillis()) / 1000;
  }
}
