package io.sluice.readwrite;

import io.sluice.mysql.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One binary prepared statement of a client. The client knows it by a number of the router's own,
 * each server by another; {@link Backend} keeps those. Confined to the session's event loop.
 */
final class Prepared {

  private final long id;
  private final Statement statement;
  private final boolean everywhere;
  private final byte[] packet;

  private int parameters;
  private byte[] types = {};
  private int typesVersion;
  private boolean longData;
  private @Nullable Backend lastUsed;

  /**
   * A statement that is being prepared.
   *
   * @param id the number that the client gets
   * @param everywhere whether replicas know it too
   * @param packet the framed request, to prepare it again elsewhere; empty if that cannot be
   */
  Prepared(long id, Statement statement, boolean everywhere, byte[] packet) {
    this.id = id;
    this.statement = statement;
    this.everywhere = everywhere;
    this.packet = packet;
  }

  long id() {
    return id;
  }

  Statement statement() {
    return statement;
  }

  boolean isEverywhere() {
    return everywhere;
  }

  byte[] packet() {
    return packet;
  }

  int parameters() {
    return parameters;
  }

  void parameters(int count) {
    parameters = count;
  }

  /** The parameter types that the client sent last, as on the wire. */
  byte[] types() {
    return types;
  }

  /** Counts how often the client sent types; 0 is never. */
  int typesVersion() {
    return typesVersion;
  }

  void types(byte[] sent) {
    types = sent;
    typesVersion++;
  }

  /** Whether pieces of parameters were sent, which are on the master. */
  boolean hasLongData() {
    return longData;
  }

  void longData(boolean sent) {
    longData = sent;
  }

  /** Where it was executed last, so that its cursor is there. */
  @Nullable Backend lastUsed() {
    return lastUsed;
  }

  void lastUsed(@Nullable Backend backend) {
    lastUsed = backend;
  }
}
