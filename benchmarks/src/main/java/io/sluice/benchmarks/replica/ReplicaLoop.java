package io.sluice.benchmarks.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.List;

/** Reads the streams of some replicas on one thread, until all have ended or it is stopped. */
final class ReplicaLoop {
  /** Fits into a processor's own cache. */
  private static final int BUFFER = 256 << 10;

  /** Reads of one stream before the others' turn. */
  private static final int READS = 4;

  private final List<NullReplica> replicas;
  private final Selector selector;
  private volatile boolean stopped;

  ReplicaLoop(List<NullReplica> replicas) throws IOException {
    this.replicas = replicas;
    this.selector = Selector.open();
  }

  /** Any thread. */
  void stop() {
    stopped = true;
    selector.wakeup();
  }

  /** Returns when it is over. */
  void run() {
    ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    try (selector) {
      for (NullReplica replica : replicas) {
        replica.channel().configureBlocking(false);
        replica.channel().register(selector, SelectionKey.OP_READ, replica);
      }
      int open = replicas.size();
      while (open > 0 && !stopped) {
        selector.select();
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
          SelectionKey key = keys.next();
          keys.remove();
          NullReplica replica = (NullReplica) key.attachment();
          read(replica, shared);
          if (replica.state() != NullReplica.State.OPEN) {
            replica.channel().close();
            open--;
          }
        }
      }
      for (NullReplica replica : replicas) {
        replica.channel().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(NullReplica replica, ByteBuffer shared) {
    for (int i = 0; i < READS; i++) {
      int got = replica.read(shared);
      if (got < BUFFER || replica.state() != NullReplica.State.OPEN) {
        return;
      }
    }
  }
}
