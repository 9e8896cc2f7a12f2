package io.sluice.binlog.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Who is registered or has a dump under way. Thread-safe. */
public final class ReplicaRegistry {
  private final ConcurrentHashMap<Long, Replica> bySession = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Object, Replica> dumpsByIdentity = new ConcurrentHashMap<>();
  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder dumps = new LongAdder();
  private final LongAdder acks = new LongAdder();
  private volatile @Nullable Listener listener;

  /** Who keeps in mind which replicas there are. Called on the event loops of their sessions. */
  public interface Listener {
    /** A replica that means to stay begins to stream. */
    void streams(Replica replica);

    /** A dump has ended, or the session. */
    void ended(Replica replica);
  }

  /** Sets the listener; once. */
  public void listener(Listener one) {
    listener = one;
  }

  /**
   * A dump has found its place.
   *
   * @param stays whether it does not end at the end of the log
   */
  void streams(Replica replica, boolean stays) {
    Listener told = listener;
    if (told != null && stays) {
      told.streams(replica);
    }
  }

  /** A session has become a replica. */
  public void add(Replica replica) {
    bySession.put(replica.session(), replica);
  }

  /** The session has ended. */
  public void remove(Replica replica) {
    bySession.remove(replica.session(), replica);
    endDump(replica);
  }

  /**
   * A dump begins: an older one of the same replica ends. For a MariaDB master that is one with the
   * same server id; for a MySQL source one with the same UUID, or if it has none, one with the same
   * server id that has none either. Server id 0 is nobody's.
   */
  void beginDump(Replica replica, boolean byUuid) {
    dumps.increment();
    Object identity = identity(replica, byUuid);
    if (identity == null) {
      return;
    }
    replica.identity(identity);
    Replica older = dumpsByIdentity.put(identity, replica);
    if (older != null && older != replica) {
      older.supersede();
    }
  }

  private static @Nullable Object identity(Replica replica, boolean byUuid) {
    String uuid = replica.uuid();
    if (byUuid && uuid != null) {
      return uuid;
    }
    return replica.serverId() == 0 ? null : replica.serverId();
  }

  void endDump(Replica replica) {
    Object identity = replica.identity();
    if (identity != null) {
      dumpsByIdentity.remove(identity, replica);
    }
    Listener told = listener;
    if (told != null) {
      told.ended(replica);
    }
  }

  void sent(int bytes) {
    sentBytes.add(bytes);
  }

  /** A replica has acknowledged. */
  void acknowledged() {
    acks.increment();
  }

  /** Acknowledgements of all replicas since the start. */
  public long acks() {
    return acks.sum();
  }

  /** How many replicas acknowledge. */
  public int semiSyncClients() {
    int count = 0;
    for (Replica replica : bySession.values()) {
      if (replica.isDumping() && replica.isSemiSync()) {
        count++;
      }
    }
    return count;
  }

  /** Everybody, by server id, then session. */
  public List<Replica> all() {
    List<Replica> all = new ArrayList<>(bySession.values());
    all.sort(Comparator.comparingLong(Replica::serverId).thenComparingLong(Replica::session));
    return all;
  }

  /** How many dumps are under way. */
  public int dumping() {
    int count = 0;
    for (Replica replica : bySession.values()) {
      if (replica.isDumping()) {
        count++;
      }
    }
    return count;
  }

  /** Bytes sent to replicas since the start, framing included. */
  public long sentBytes() {
    return sentBytes.sum();
  }

  /** Dumps begun since the start. */
  public long dumps() {
    return dumps.sum();
  }
}
