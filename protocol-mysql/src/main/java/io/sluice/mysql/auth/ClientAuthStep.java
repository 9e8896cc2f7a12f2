package io.sluice.mysql.auth;

import io.sluice.api.session.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What to do next in a login to a server.
 *
 * <ul>
 *   <li>{@code SEND}: send {@link #payload} as one packet (inside the handshake response after
 *       {@link ClientAuthenticator#start}, as a packet of its own later; an empty payload is an
 *       empty packet).
 *   <li>{@code WAIT}: send nothing, the server goes on.
 *   <li>{@code FAILED}: give up with {@link #failure}.
 * </ul>
 */
public final class ClientAuthStep {

  /** The three things there are to do. */
  public enum Kind {
    /** Send the payload. */
    SEND,
    /** Wait for the server. */
    WAIT,
    /** Give up. */
    FAILED
  }

  private static final byte[] NOTHING = new byte[0];

  private final Kind kind;
  private final String pluginName;
  private final byte[] payload;
  private final @Nullable Failure failure;

  private ClientAuthStep(Kind kind, String pluginName, byte[] payload, @Nullable Failure failure) {
    this.kind = kind;
    this.pluginName = pluginName;
    this.payload = payload;
    this.failure = failure;
  }

  static ClientAuthStep send(AuthPlugin plugin, byte[] payload) {
    return new ClientAuthStep(Kind.SEND, plugin.wireName(), payload, null);
  }

  static ClientAuthStep await(AuthPlugin plugin) {
    return new ClientAuthStep(Kind.WAIT, plugin.wireName(), NOTHING, null);
  }

  static ClientAuthStep failed(Failure failure) {
    return new ClientAuthStep(Kind.FAILED, "", NOTHING, failure);
  }

  /** Which of the three. */
  public Kind kind() {
    return kind;
  }

  /** The method in use, to be named in the handshake response; empty when failed. */
  public String pluginName() {
    return pluginName;
  }

  /** What to send; empty unless {@code SEND}, and maybe empty then too. Not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /** Why it failed; null unless {@code FAILED}. */
  public @Nullable Failure failure() {
    return failure;
  }

  @Override
  public String toString() {
    return "ClientAuthStep[" + kind + ", " + pluginName + ", " + payload.length + " bytes]";
  }
}
