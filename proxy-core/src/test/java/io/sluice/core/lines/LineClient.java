package io.sluice.core.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A blocking client of the line protocol. */
public final class LineClient implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** Connects and does not log in. */
  public LineClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream(), 65536);
    out = socket.getOutputStream();
  }

  public LineClient login(String user) throws IOException {
    String answer = ask("LOGIN " + user);
    if (!"OK".equals(answer)) {
      throw new IOException("login: " + answer);
    }
    return this;
  }

  public void send(String line) throws IOException {
    out.write((line + "\n").getBytes(UTF_8));
  }

  public void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** The next line; null at the end; a reset counts as the end. */
  public String line() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          return null;
        }
        text.write(next);
      }
    } catch (java.net.SocketException e) {
      return null;
    }
    return text.toString(UTF_8);
  }

  /** Reads bytes up to and with the next newline and returns how many came before it. */
  public long skipLine() throws IOException {
    byte[] block = new byte[65536];
    long count = 0;
    while (true) {
      int length = in.read(block);
      if (length < 0) {
        throw new IOException("ended after " + count);
      }
      if (block[length - 1] == '\n') {
        return count + length - 1;
      }
      count += length;
    }
  }

  public String ask(String line) throws IOException {
    send(line);
    return line();
  }

  /** Closes with a reset instead of an orderly end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
