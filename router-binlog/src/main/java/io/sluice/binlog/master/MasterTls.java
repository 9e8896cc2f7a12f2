package io.sluice.binlog.master;

/**
 * How the connection to the master is encrypted. Immutable.
 *
 * @param enabled whether it is encrypted at all
 * @param required whether a master without TLS is refused
 * @param verify whether the master's certificate is checked; kept while not enabled
 * @param ca file of the certificates to trust; empty for those of the runtime
 * @param cert file of our certificate; empty for none
 * @param key file of its key; empty for none
 */
public record MasterTls(
    boolean enabled, boolean required, boolean verify, String ca, String cert, String key) {

  /** In clear. */
  public static final MasterTls OFF = new MasterTls(false, false, false, "", "", "");
}
