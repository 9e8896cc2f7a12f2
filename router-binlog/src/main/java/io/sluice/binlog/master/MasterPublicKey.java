package io.sluice.binlog.master;

/**
 * The RSA key of a MySQL master, which a password is encrypted with that goes over a connection
 * without TLS. Immutable.
 *
 * @param fetch whether the master may be asked for it
 * @param file a PEM file with it; empty for none
 */
public record MasterPublicKey(boolean fetch, String file) {

  /** As the master's server entry in the configuration says. */
  public static final MasterPublicKey DEFAULT = new MasterPublicKey(false, "");
}
