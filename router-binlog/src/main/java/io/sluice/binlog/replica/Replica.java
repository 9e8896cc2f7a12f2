package io.sluice.binlog.replica;

import io.sluice.binlog.store.BinlogFileId;
import org.jspecify.annotations.Nullable;

/**
 * One replica as the registry knows it. Written on the event loop of its session, read on any
 * thread.
 */
public final class Replica {
  private final long session;
  private final String user;
  private volatile long serverId;
  private final String peer;
  private volatile String host = "";
  private volatile int port;
  private volatile boolean registered;
  private volatile @Nullable String uuid;
  private volatile ReplicaState state = new ReplicaState.Registering();
  private volatile BinlogFileId file = BinlogFileId.NONE;
  private volatile long position;
  private volatile boolean gtid;
  private volatile long sentBytes;
  private volatile long sentEvents;
  private volatile long lastTimestamp;
  private volatile boolean semiSync;
  private volatile long acks;
  private volatile long ackWaits;
  private volatile long ackWaitNanos;
  private volatile String ackFile = "";
  private volatile long ackPosition;
  private volatile @Nullable Runnable superseded;
  private volatile @Nullable Object identity;
  private final OnTheWay onTheWay = new OnTheWay();

  /**
   * A session that registers or dumps.
   *
   * @param session the session's number
   * @param user the user's name
   * @param peer the client's address
   */
  public Replica(long session, String user, String peer) {
    this.session = session;
    this.user = user;
    this.peer = peer;
  }

  /** COM_REGISTER_SLAVE came, with a host that may be empty. */
  public void register(long id, String reportedHost, int reportedPort) {
    serverId = id;
    host = reportedHost;
    port = reportedPort;
    registered = true;
  }

  /** What the replica calls itself; null leaves what is known. */
  public void uuid(@Nullable String own) {
    if (own != null) {
      uuid = own;
    }
  }

  void dump(long id, boolean byGtid, boolean withSemiSync, Runnable onSuperseded) {
    serverId = id;
    gtid = byGtid;
    semiSync = withSemiSync;
    superseded = onSuperseded;
    state = new ReplicaState.Resolving();
  }

  void state(ReplicaState next) {
    state = next;
  }

  /** There is more to send. */
  void streaming() {
    if (!(state instanceof ReplicaState.Streaming)) {
      state = new ReplicaState.Streaming();
    }
  }

  /** Everything was sent. */
  void waiting() {
    if (!(state instanceof ReplicaState.Waiting)) {
      state = new ReplicaState.Waiting();
    }
  }

  void at(BinlogFileId sentFile, long sentPosition) {
    if (!sentFile.equals(file)) {
      onTheWay.enters(sentFile, sentBytes, System.nanoTime());
    }
    file = sentFile;
    position = sentPosition;
  }

  /** Only the session's loop writes, so plain additions are enough. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void sent(int bytes, int events, long timestamp) {
    sentBytes += bytes;
    sentEvents += events;
    if (timestamp != 0) {
      lastTimestamp = timestamp;
    }
  }

  /** An acknowledgement came; nobody had asked for it if the wait is negative. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void acknowledged(String toFile, long toPosition, long waitedNanos) {
    if (!toFile.equals(ackFile)) {
      onTheWay.hasReached(toFile);
    }
    ackFile = toFile;
    ackPosition = toPosition;
    if (waitedNanos >= 0) {
      ackWaits++;
      ackWaitNanos += waitedNanos;
    }
    // Last: whoever sees it counted sees how far it reaches.
    acks++;
  }

  /** As whom its dump counts: at most one dump has the same identity. */
  void identity(Object own) {
    identity = own;
  }

  @Nullable Object identity() {
    return identity;
  }

  /** Another replica with this identity has come. */
  void supersede() {
    Runnable action = superseded;
    if (action != null) {
      action.run();
    }
  }

  /** The session's number, which is the connection id too. */
  public long session() {
    return session;
  }

  /** The user's name. */
  public String user() {
    return user;
  }

  /** The replica's server id; 0 for tools. */
  public long serverId() {
    return serverId;
  }

  /** What it calls itself, only MySQL replicas do; null if it did not say. */
  public @Nullable String uuid() {
    return uuid;
  }

  /** What it reported, or the address that we see. */
  public String host() {
    return host.isEmpty() ? peer : host;
  }

  /** What it reported, and nothing if it did not: what a MySQL source shows. */
  public String reportedHost() {
    return host;
  }

  /** What it reported. */
  public int port() {
    return port;
  }

  /** Whether COM_REGISTER_SLAVE came. */
  public boolean isRegistered() {
    return registered;
  }

  /** What it is doing. */
  public ReplicaState state() {
    return state;
  }

  /** Whether it has a dump under way. */
  public boolean isDumping() {
    ReplicaState now = state;
    return !(now instanceof ReplicaState.Registering || now instanceof ReplicaState.Ended);
  }

  /** The file up to which bytes were sent. */
  public BinlogFileId file() {
    return file;
  }

  /** The oldest file that it may have to ask for again, should the connection break now. */
  public BinlogFileId needs() {
    return onTheWay.oldest(sentBytes, System.nanoTime());
  }

  /** The position up to which bytes were sent. */
  public long position() {
    return position;
  }

  /** Whether it started by GTID. */
  public boolean isGtid() {
    return gtid;
  }

  /** Bytes sent, framing included. */
  public long sentBytes() {
    return sentBytes;
  }

  /** Events sent. */
  public long sentEvents() {
    return sentEvents;
  }

  /** Seconds since 1970 of the last event that was sent; 0 for none. */
  public long lastTimestamp() {
    return lastTimestamp;
  }

  /** Whether it acknowledges transactions. */
  public boolean isSemiSync() {
    return semiSync;
  }

  /** Acknowledgements that came. */
  public long acks() {
    return acks;
  }

  /** The file of the last acknowledgement; empty before any. */
  public String ackFile() {
    return ackFile;
  }

  /** The position of the last acknowledgement. */
  public long ackPosition() {
    return ackPosition;
  }

  /** Microseconds from sending a transaction to its acknowledgement, on average. */
  public long averageAckMicros() {
    long waits = ackWaits;
    return waits == 0 ? 0 : ackWaitNanos / waits / 1000;
  }
}
