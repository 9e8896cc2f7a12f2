package io.sluice.distribution;

import io.sluice.testkit.server.Replication;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands between a replica and its source, and cuts the first connection at a marker: what is read
 * together with it is not passed on, all before it is. Connections behind the cut are whole. Sees
 * nothing in TLS.
 */
final class StreamCut implements AutoCloseable {

  private static final int READ_SIZE = 4096;

  private final Replication.Source source;
  private final String marker;
  private final ServerSocket door;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean cut = new AtomicBoolean();

  StreamCut(Replication.Source source, String marker) throws IOException {
    this.source = source;
    this.marker = marker;
    this.door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The source as the replica is to see it. */
  Replication.Source asSource() {
    return new Replication.Source(
        "127.0.0.1", door.getLocalPort(), source.user(), source.password());
  }

  boolean hasCut() {
    return cut.get();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        connect(door.accept());
      } catch (IOException e) {
        // The door was closed.
        return;
      }
    }
  }

  private void connect(Socket replica) throws IOException {
    try {
      Socket server = new Socket(source.host(), source.port());
      threads.execute(() -> pass(replica, server, false));
      threads.execute(() -> pass(server, replica, true));
    } catch (IOException e) {
      // The source is away: the replica comes again.
      replica.close();
    }
  }

  private void pass(Socket from, Socket to, boolean towardsReplica) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      byte[] bytes = new byte[READ_SIZE];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        seen.write(bytes, 0, n);
        if (towardsReplica
            && seen.toString(StandardCharsets.ISO_8859_1).contains(marker)
            && cut.compareAndSet(false, true)) {
          return;
        }
        out.write(bytes, 0, n);
      }
    } catch (IOException e) {
      // One side went; closing the other is all that is to be done.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
