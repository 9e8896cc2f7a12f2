package io.sluice.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket with the protocol's packet framing (3-byte length, sequence number). Blocking; one
 * reader and one writer thread at most. Reads that find nothing within the timeout fail.
 */
public final class WireChannel implements AutoCloseable {
  /** The longest payload of one packet; a payload that long is continued by another packet. */
  public static final int MAX_PAYLOAD = 0xFFFFFF;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  public WireChannel(Socket socket) {
    this.socket = socket;
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) DEFAULT_TIMEOUT.toMillis());
      this.in = new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16);
      this.out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the socket", e);
    }
  }

  /**
   * Connects; {@code receiveBuffer} limits what the kernel takes in for a slow reader (0: as is).
   */
  public static WireChannel connect(String host, int port, int receiveBuffer) {
    Socket socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(host, port), (int) DEFAULT_TIMEOUT.toMillis());
      return new WireChannel(socket);
    } catch (IOException e) {
      try {
        socket.close();
      } catch (IOException e2) {
        e.addSuppressed(e2);
      }
      throw new UncheckedIOException("cannot connect to " + host + ":" + port, e);
    }
  }

  /** How long reads wait; zero is for ever. */
  public void timeout(Duration timeout) {
    try {
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends bytes as they are. */
  public void send(byte... bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send", e);
    }
  }

  /** Sends a payload in as many packets as it needs; returns the next sequence number. */
  public int write(int sequence, byte[] payload) {
    send(frame(sequence, payload));
    return (sequence + payload.length / MAX_PAYLOAD + 1) & 0xFF;
  }

  /** The packets of a payload, with their headers. */
  public static byte[] frame(int sequence, byte[] payload) {
    ByteArrayOutputStream framed = new ByteArrayOutputStream(payload.length + 16);
    int offset = 0;
    int next = sequence;
    while (true) {
      int part = Math.min(MAX_PAYLOAD, payload.length - offset);
      framed.write(part);
      framed.write(part >>> 8);
      framed.write(part >>> 16);
      framed.write(next++);
      framed.write(payload, offset, part);
      offset += part;
      if (part < MAX_PAYLOAD) {
        return framed.toByteArray();
      }
    }
  }

  /** Reads one message, joined from its packets. Fails at the end of the stream. */
  public WirePacket read() {
    try {
      ByteArrayOutputStream joined = null;
      while (true) {
        byte[] header = exactly(4);
        int length = (header[0] & 0xFF) | (header[1] & 0xFF) << 8 | (header[2] & 0xFF) << 16;
        int sequence = header[3] & 0xFF;
        byte[] payload = exactly(length);
        if (joined == null && length < MAX_PAYLOAD) {
          return new WirePacket(sequence, payload);
        }
        if (joined == null) {
          joined = new ByteArrayOutputStream();
        }
        joined.write(payload);
        if (length < MAX_PAYLOAD) {
          return new WirePacket(sequence, joined.toByteArray());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a packet", e);
    }
  }

  private byte[] exactly(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
    }
    return bytes;
  }

  /** Drops what still comes; true when the peer closed or reset, false when it did not in time. */
  public boolean drainToEnd() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Closes only the sending half. */
  public void shutdownOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes with a TCP reset instead of an orderly end. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
