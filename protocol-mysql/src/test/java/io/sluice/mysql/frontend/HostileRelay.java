package io.sluice.mysql.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says wrong things: it passes on what a real one says and spoils some of it. */
final class HostileRelay implements AutoCloseable {

  private final ServerSocket listener;
  private final int server;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger spoilt = new AtomicInteger();
  private volatile boolean hostile;

  HostileRelay(int server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections there are. */
  int open() {
    return open.get();
  }

  /** How many packets were spoilt. */
  int spoilt() {
    return spoilt.get();
  }

  /** Whether new connections are bad ones. */
  void setHostile(boolean wanted) {
    hostile = wanted;
  }

  private void serve() throws IOException {
    for (long number = 0; ; number++) {
      Socket proxy = listener.accept();
      Random random = new Random(number);
      open.incrementAndGet();
      start(() -> relay(proxy, random));
    }
  }

  private void relay(Socket proxy, Random random) throws IOException {
    try (proxy;
        Socket real = new Socket(InetAddress.getLoopbackAddress(), server)) {
      start(
          () -> {
            try (proxy;
                real) {
              proxy.getInputStream().transferTo(real.getOutputStream());
            }
          });
      // Some are bad from the first word on, others later.
      int good = hostile ? random.nextInt(3) == 0 ? 0 : random.nextInt(40) : Integer.MAX_VALUE;
      answers(real.getInputStream(), proxy, good, random);
    } finally {
      open.decrementAndGet();
    }
  }

  private void answers(InputStream in, Socket proxy, int good, Random random) throws IOException {
    Mutator mutator = new Mutator(random);
    OutputStream out = proxy.getOutputStream();
    for (int number = 0; ; number++) {
      byte[] packet = packet(in);
      if (packet.length == 0) {
        return;
      }
      if (number < good || random.nextInt(4) != 0) {
        out.write(packet);
        continue;
      }
      spoilt.incrementAndGet();
      switch (random.nextInt(12)) {
        case 0 -> {
          // Not sent at all.
        }
        case 1 -> {
          out.write(packet);
          out.write(packet);
        }
        case 2 -> {
          out.write(packet, 0, random.nextInt(packet.length));
          return;
        }
        case 3 -> {
          proxy.setSoLinger(true, 0);
          return;
        }
        default -> out.write(mutator.packet(packet));
      }
    }
  }

  /** One packet with its header; empty at the end. */
  private static byte[] packet(InputStream in) throws IOException {
    byte[] header = in.readNBytes(4);
    if (header.length < 4) {
      return new byte[0];
    }
    int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    byte[] payload = in.readNBytes(length);
    byte[] packet = Arrays.copyOf(header, 4 + payload.length);
    System.arraycopy(payload, 0, packet, 4, payload.length);
    return packet;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One of the two has gone: so has this.
              }
            },
            "hostile-relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
