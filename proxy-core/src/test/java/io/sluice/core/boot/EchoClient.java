package io.sluice.core.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of the echo protocol; waits for an answer ten seconds at most. */
public final class EchoClient implements AutoCloseable {

  private final Socket socket;
  private final BufferedReader in;

  public EchoClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  public void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public @Nullable String read() throws IOException {
    return in.readLine();
  }

  public @Nullable String ask(String line) throws IOException {
    send(line);
    return read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
