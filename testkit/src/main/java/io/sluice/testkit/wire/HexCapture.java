package io.sluice.testkit.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A captured dialog in text form: {@code # session: NAME / connection N} starts a connection,
 * {@code C HEX} is what the client sent, {@code S HEX} what the server sent, each line one packet
 * with its 4-byte header (or one whole frame of a compressed connection). Other {@code #} lines are
 * comments. Immutable.
 */
public final class HexCapture {
  private static final String SESSION = "# session:";

  private final List<Session> sessions;

  private HexCapture(List<Session> sessions) {
    this.sessions = sessions;
  }

  /** Reads a class path resource. */
  public static HexCapture load(String resource) {
    return parse(GoldenBytes.text(resource));
  }

  /** Parses the text form. */
  public static HexCapture parse(String text) {
    List<Session> sessions = new ArrayList<>();
    List<Message> messages = new ArrayList<>();
    String name = "";
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(SESSION)) {
        if (!messages.isEmpty()) {
          sessions.add(new Session(name, List.copyOf(messages)));
          messages.clear();
        }
        name = line.substring(SESSION.length()).strip();
      } else if (line.startsWith("C ") || line.startsWith("S ")) {
        messages.add(
            new Message(line.charAt(0) == 'C', HexFormat.of().parseHex(line.substring(2).strip())));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "line: %s (expected: C, S or #)",
                line.substring(0, line.length() / 2)));
      }
    }
    if (!messages.isEmpty()) {
      sessions.add(new Session(name, List.copyOf(messages)));
    }
    return new HexCapture(List.copyOf(sessions));
  }

  public List<Session> sessions() {
    return sessions;
  }

  /** The connection of that name, for example {@code "filepos-first / connection 1"}. */
  public Session session(String name) {
    return sessions.stream()
        .filter(session -> session.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "session: "
                        + name
                        + " (expected: one of "
                        + sessions.stream().map(Session::name).toList()
                        + ")"));
  }

  /** One connection. */
  public record Session(String name, List<Message> messages) {
    /** What one side sent, in order. */
    public List<byte[]> sentBy(boolean client) {
      return messages.stream().filter(m -> m.fromClient() == client).map(Message::bytes).toList();
    }
  }

  /** One packet with its header, or one compressed frame. */
  public static final class Message {
    private final boolean fromClient;
    private final byte[] bytes;

    Message(boolean fromClient, byte[] bytes) {
      this.fromClient = fromClient;
      this.bytes = bytes;
    }

    public boolean fromClient() {
      return fromClient;
    }

    /** All bytes, header included. */
    public byte[] bytes() {
      return bytes.clone();
    }

    public int sequence() {
      return bytes[3] & 0xFF;
    }

    /** The bytes behind the 4-byte header. */
    public byte[] payload() {
      return java.util.Arrays.copyOfRange(bytes, 4, bytes.length);
    }
  }
}
