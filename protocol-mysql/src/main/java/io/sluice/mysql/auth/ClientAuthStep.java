package io.sluice.mysql.auth;

import io.sluice.api.session.Failure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to do next in a login to a server.
 *
 * <ul>
 *   <li>{@code SEND}: send {@link #payload} as one packet (inside the handshake response after
 *       {@link ClientAuthenticator#start}, as a packet of its own later; an empty payload is an
 *       empty packet).
 *   <li>{@code WAIT}: send nothing, the server goes on.
 *   <li>{@code COMPUTE}: run {@link #compute} on a thread that may be slow, go on with its result.
 *   <li>{@code FAILED}: give up with {@link #failure}.
 * </ul>
 */
public final class ClientAuthStep {

  /** The four things there are to do. */
  public enum Kind {
    /** Send the payload. */
    SEND,
    /** Wait for the server. */
    WAIT,
    /** Compute elsewhere. */
    COMPUTE,
    /** Give up. */
    FAILED
  }

  private static final byte[] NOTHING = new byte[0];

  private final Kind kind;
  private final String pluginName;
  private final byte[] payload;
  private final @Nullable Supplier<ClientAuthStep> compute;
  private final @Nullable Failure failure;

  private ClientAuthStep(
      Kind kind,
      String pluginName,
      byte[] payload,
      @Nullable Supplier<ClientAuthStep> compute,
      @Nullable Failure failure) {
    this.kind = kind;
    this.pluginName = pluginName;
    this.payload = payload;
    this.compute = compute;
    this.failure = failure;
  }

  static ClientAuthStep send(AuthPlugin plugin, byte[] payload) {
    return new ClientAuthStep(Kind.SEND, plugin.wireName(), payload, null, null);
  }

  static ClientAuthStep await(AuthPlugin plugin) {
    return new ClientAuthStep(Kind.WAIT, plugin.wireName(), NOTHING, null, null);
  }

  static ClientAuthStep compute(AuthPlugin plugin, Supplier<ClientAuthStep> work) {
    return new ClientAuthStep(Kind.COMPUTE, plugin.wireName(), NOTHING, work, null);
  }

  static ClientAuthStep failed(Failure failure) {
    return new ClientAuthStep(Kind.FAILED, "", NOTHING, null, failure);
  }

  /** Which of the four. */
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

  /** The slow work, which uses nothing of the connection; null unless {@code COMPUTE}. */
  public @Nullable Supplier<ClientAuthStep> compute() {
    return compute;
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
