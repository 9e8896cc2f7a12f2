package io.sluice.binlog.master;

import java.time.Clock;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came from the master, for status and metrics. Written on the loop of the connection, read
 * anywhere.
 */
public final class LinkCounters {
  private final Clock clock;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder events = new LongAdder();
  private final LongAdder heartbeats = new LongAdder();
  private final LongAdder acknowledgements = new LongAdder();
  private volatile boolean acknowledging;
  private volatile long lastReceivedMillis;
  private volatile long lastEventMillis;
  private volatile long lastEventTimestamp;
  private volatile long clockSkew;
  private volatile boolean idle;
  private long unseen;
  private long unseenTimestamp;

  /** Starts at zero. */
  public LinkCounters(Clock clock) {
    this.clock = clock;
  }

  void received(int count) {
    bytes.add(count);
    lastReceivedMillis = clock.millis();
  }

  /** An event was stored; {@link #settle} shows it. */
  void event(long timestamp) {
    unseen++;
    if (timestamp != 0) {
      unseenTimestamp = timestamp;
    }
  }

  /** Shows the events that came since the last call: once for each read, not for each event. */
  void settle() {
    if (unseen == 0) {
      return;
    }
    events.add(unseen);
    unseen = 0;
    if (unseenTimestamp != 0) {
      lastEventTimestamp = unseenTimestamp;
      unseenTimestamp = 0;
    }
    lastEventMillis = lastReceivedMillis;
    idle = false;
  }

  void heartbeat() {
    settle();
    heartbeats.increment();
    idle = true;
  }

  /** Takes what the master's clock shows now. */
  void clockSkewFrom(long masterSeconds) {
    clockSkew = masterSeconds - clock.millis() / 1000;
  }

  /** A dump begins. */
  void dumping(boolean semiSync) {
    acknowledging = semiSync;
  }

  /** A stored transaction was acknowledged. */
  void acknowledged() {
    acknowledgements.increment();
  }

  /** Whether the last dump is one that is acknowledged. */
  public boolean isAcknowledging() {
    return acknowledging;
  }

  /** Acknowledgements that were sent to masters. */
  public long acknowledgements() {
    return acknowledgements.sum();
  }

  /** Bytes of the stream, framing included. */
  public long bytes() {
    return bytes.sum();
  }

  /** Stored events. */
  public long events() {
    return events.sum();
  }

  /** Heartbeats of the master. */
  public long heartbeats() {
    return heartbeats.sum();
  }

  /** Wall clock of the last byte, milliseconds since 1970; 0 if there was none. */
  public long lastReceivedMillis() {
    return lastReceivedMillis;
  }

  /** Wall clock of the last stored event, milliseconds since 1970; 0 if there was none. */
  public long lastEventMillis() {
    return lastEventMillis;
  }

  /**
   * How old the last event was when there is reason to think that more are coming: 0 once the
   * master has said that it has nothing more, or has been quiet for a second.
   */
  public long secondsBehind() {
    long now = clock.millis();
    if (idle || lastEventTimestamp == 0 || now - lastEventMillis > 1000) {
      return 0;
    }
    return Math.max(0, now / 1000 + clockSkew - lastEventTimestamp);
  }
}
