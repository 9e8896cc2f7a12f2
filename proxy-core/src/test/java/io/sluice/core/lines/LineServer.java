package io.sluice.core.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.testkit.server.Ports;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server of the line protocol with a thread for each connection. Answers {@code name:line};
 * {@code big N} with N bytes and a newline; {@code hold} when {@link #release} is called; {@code
 * die} by closing; {@code deaf} by reading no more until {@link #release}, then as usual.
 */
public final class LineServer implements AutoCloseable {

  private final String name;
  private final ServerSocket socket;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch released = new CountDownLatch(1);
  public final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread acceptor;
  public final List<String> users = new CopyOnWriteArrayList<>();
  public final AtomicLong bytesSent = new AtomicLong();
  public final AtomicLong bytesRead = new AtomicLong();
  public final AtomicInteger accepted = new AtomicInteger();
  public final AtomicInteger quits = new AtomicInteger();

  /** When false, logins wait for {@link #release}. */
  public volatile boolean answersLogins = true;

  /** When true, a second login on the same connection is told to come later. */
  public volatile boolean refusesRenewal;

  /** When false, pings are not answered. */
  public volatile boolean answersPings = true;

  /** When false, resets and second logins wait for {@link #release}. */
  public volatile boolean answersResets = true;

  /** When true, logins are refused. */
  public volatile boolean refuses;

  public LineServer(String name) {
    this.name = name;
    try {
      // Not from the ephemeral range: after the close nobody else may get the port by chance.
      socket = new ServerSocket(Ports.free(), 2000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = start("line-server-" + name, this::accept);
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  public int port() {
    return socket.getLocalPort();
  }

  public int open() {
    return clients.size();
  }

  public void release() {
    released.countDown();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        clients.add(client);
        accepted.incrementAndGet();
        start("line-server-" + name + "-client", () -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      Lines in = new Lines(client.getInputStream());
      OutputStream out = new BufferedOutputStream(client.getOutputStream(), 65536);
      String login = in.next();
      if (login == null) {
        return;
      }
      if (!answersLogins) {
        released.await();
      }
      users.add(login.substring(6));
      out.write((refuses ? "NO\n" : "OK\n").getBytes(UTF_8));
      out.flush();
      String next = in.next();
      while (next != null && answer(next, out)) {
        next = in.next();
      }
    } catch (IOException | InterruptedException e) {
      // The proxy closed the connection, or the test did.
    } finally {
      clients.remove(client);
    }
  }

  private boolean answer(String line, OutputStream out) throws IOException, InterruptedException {
    if (lines.size() < 10_000) {
      lines.add(line);
    }
    if (line.equals("QUIT")) {
      quits.incrementAndGet();
      return false;
    }
    if (line.equals("die")) {
      return false;
    }
    if (line.startsWith("tell ") || (line.equals("PING") && !answersPings)) {
      return true;
    }
    if (line.equals("RESET") || line.startsWith("LOGIN ")) {
      if (!answersResets) {
        released.await();
      }
      boolean login = line.startsWith("LOGIN ");
      String answer = login && refuses ? "NO\n" : login && refusesRenewal ? "LATER\n" : "OK\n";
      out.write(answer.getBytes(UTF_8));
      out.flush();
      return true;
    }
    if (line.equals("hold") || line.equals("deaf")) {
      released.await();
    }
    if (line.startsWith("big ")) {
      send(Long.parseLong(line.substring(4)), out);
    } else {
      String shown = line.length() > 100 ? "long " + bytesRead.get() : line;
      out.write((name + ":" + shown + "\n").getBytes(UTF_8));
    }
    out.flush();
    return true;
  }

  private void send(long count, OutputStream out) throws IOException {
    byte[] block = new byte[65536];
    java.util.Arrays.fill(block, (byte) 'x');
    for (long left = count; left > 0; left -= block.length) {
      int length = (int) Math.min(left, block.length);
      out.write(block, 0, length);
      out.flush();
      bytesSent.addAndGet(length);
    }
    out.write('\n');
  }

  /** Reads lines in blocks; of a long line only the beginning is kept. */
  private final class Lines {
    private final InputStream in;
    private final byte[] block = new byte[65536];
    private int at;
    private int end;

    Lines(InputStream in) {
      this.in = in;
    }

    String next() throws IOException {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      while (true) {
        if (at == end) {
          at = 0;
          end = in.read(block);
          if (end < 0) {
            end = 0;
            return null;
          }
          bytesRead.addAndGet(end);
        }
        int stop = at;
        while (stop < end && block[stop] != '\n') {
          stop++;
        }
        text.write(block, at, Math.min(stop - at, Math.max(0, 1000 - text.size())));
        at = stop;
        if (stop < end) {
          at++;
          return text.toString(UTF_8);
        }
      }
    }
  }

  /** Breaks all connections. */
  public void disconnectAll() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  @Override
  public void close() throws IOException {
    release();
    socket.close();
    // Until the thread has left its accept, the kernel still takes one more connection.
    try {
      acceptor.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    disconnectAll();
  }
}
