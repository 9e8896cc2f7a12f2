package io.sluice.binlog.admin;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** All client sessions of one relay, and how much they asked. Thread-safe. */
public final class ClientSessions {
  private final Clock clock;
  private final ConcurrentHashMap<Long, ClientSession> open = new ConcurrentHashMap<>();
  private final LongAdder connections = new LongAdder();
  private final LongAdder questions = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final AtomicInteger most = new AtomicInteger();

  /** Without sessions. */
  public ClientSessions(Clock clock) {
    this.clock = clock;
  }

  /** A client has logged in. */
  public ClientSession open(long id, String user, String host) {
    ClientSession session = new ClientSession(id, user, host, clock);
    open.put(id, session);
    connections.increment();
    most.accumulateAndGet(open.size(), Math::max);
    return session;
  }

  /** Its session has ended. */
  public void close(ClientSession session) {
    open.remove(session.id(), session);
  }

  /** A command came. */
  public void question(int bytes) {
    questions.increment();
    bytesReceived.add(bytes);
  }

  /** An answer went; what replicas get of the log is counted elsewhere. */
  public void answered(int bytes) {
    bytesSent.add(bytes);
  }

  /** The open ones, oldest first. */
  public List<ClientSession> all() {
    List<ClientSession> all = new ArrayList<>(open.values());
    all.sort(Comparator.comparingLong(ClientSession::id));
    return all;
  }

  /** How many are open. */
  public int size() {
    return open.size();
  }

  /** How many are busy. */
  public int running() {
    int running = 0;
    for (ClientSession session : open.values()) {
      if (!session.isIdle()) {
        running++;
      }
    }
    return running;
  }

  /** The most that were open at the same time. */
  public int most() {
    return most.get();
  }

  /** Logins since the start. */
  public long connections() {
    return connections.sum();
  }

  /** Commands since the start. */
  public long questions() {
    return questions.sum();
  }

  /** Bytes of commands since the start. */
  public long bytesReceived() {
    return bytesReceived.sum();
  }

  /** Bytes of answers since the start, without the log. */
  public long bytesSent() {
    return bytesSent.sum();
  }
}
