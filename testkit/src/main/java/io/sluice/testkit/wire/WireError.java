package io.sluice.testkit.wire;

/** An ERR packet. */
public final class WireError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String sqlState;
  private final String text;

  WireError(int code, String sqlState, String text) {
    super("ERR " + code + " (" + sqlState + "): " + text);
    this.code = code;
    this.sqlState = sqlState;
    this.text = text;
  }

  /** Reads an ERR packet. */
  public static WireError parse(WirePacket packet) {
    WireReader reader = packet.reader().skip(1);
    int code = reader.u2();
    String rest = reader.restText();
    return rest.startsWith("#") && rest.length() >= 6
        ? new WireError(code, rest.substring(1, 6), rest.substring(6))
        : new WireError(code, "", rest);
  }

  public int code() {
    return code;
  }

  /** Five characters, or empty where the packet had none. */
  public String sqlState() {
    return sqlState;
  }

  public String text() {
    return text;
  }
}
