package io.sluice.mysql.auth;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to do next with a client that logs in.
 *
 * <ul>
 *   <li>{@code CONTINUE}: send {@link #payload} as one packet and wait for the client's.
 *   <li>{@code COMPUTE}: run {@link #compute} on a thread that may be slow, go on with its result.
 *   <li>{@code PROVEN}: send {@link #payload} if it is not empty, then the client is in, with
 *       {@link #proof}.
 *   <li>{@code REFUSED}: the client is not who it says; {@link #reason} is for the log.
 * </ul>
 */
public final class ServerAuthStep {

  /** The four things there are to do. */
  public enum Kind {
    /** Send and wait. */
    CONTINUE,
    /** Compute elsewhere. */
    COMPUTE,
    /** The password is right. */
    PROVEN,
    /** The password is wrong or the exchange is not what the method allows. */
    REFUSED
  }

  private static final byte[] NOTHING = new byte[0];

  private final Kind kind;
  private final byte[] payload;
  private final @Nullable Supplier<ServerAuthStep> compute;
  private final @Nullable Proof proof;
  private final String reason;

  private ServerAuthStep(
      Kind kind,
      byte[] payload,
      @Nullable Supplier<ServerAuthStep> compute,
      @Nullable Proof proof,
      String reason) {
    this.kind = kind;
    this.payload = payload;
    this.compute = compute;
    this.proof = proof;
    this.reason = reason;
  }

  static ServerAuthStep send(byte[] payload) {
    return new ServerAuthStep(Kind.CONTINUE, payload, null, null, "");
  }

  static ServerAuthStep compute(Supplier<ServerAuthStep> work) {
    return new ServerAuthStep(Kind.COMPUTE, NOTHING, work, null, "");
  }

  static ServerAuthStep proven(Proof proof) {
    return new ServerAuthStep(Kind.PROVEN, NOTHING, null, proof, "");
  }

  static ServerAuthStep proven(Proof proof, byte[] payload) {
    return new ServerAuthStep(Kind.PROVEN, payload, null, proof, "");
  }

  static ServerAuthStep refused(String reason) {
    return new ServerAuthStep(Kind.REFUSED, NOTHING, null, null, reason);
  }

  /** Which of the four. */
  public Kind kind() {
    return kind;
  }

  /** What to send first; maybe empty. Not to be changed. */
  public byte[] payload() {
    return payload;
  }

  /** The slow work; null unless {@code COMPUTE}. */
  public @Nullable Supplier<ServerAuthStep> compute() {
    return compute;
  }

  /** What the client proved; null unless {@code PROVEN}. */
  public @Nullable Proof proof() {
    return proof;
  }

  /** Why it was refused, for the log; empty unless {@code REFUSED}. */
  public String reason() {
    return reason;
  }

  @Override
  public String toString() {
    return "ServerAuthStep[" + kind + ", " + payload.length + " bytes]";
  }
}
