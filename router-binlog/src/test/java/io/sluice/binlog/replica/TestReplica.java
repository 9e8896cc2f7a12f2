package io.sluice.binlog.replica;

import io.sluice.binlog.store.BinlogFileId;
import org.jspecify.annotations.Nullable;

/** Replicas of a registry without sessions. */
public final class TestReplica {
  private TestReplica() {}

  /** One that streams from the beginning of a file. */
  public static Replica streams(
      ReplicaRegistry registry, long serverId, @Nullable String uuid, BinlogFileId file) {
    Replica replica = new Replica(serverId, "repl", "10.0.0." + serverId);
    replica.register(serverId, "db" + serverId, 3306);
    replica.uuid(uuid);
    replica.at(file, 4);
    registry.add(replica);
    registry.streams(replica, true);
    return replica;
  }

  /** It gets so many bytes of a file. */
  public static void sent(Replica replica, BinlogFileId file, int bytes) {
    replica.at(file, 4 + bytes);
    replica.sent(bytes, 1, 0);
  }
}
