package io.sluice.binlog.tool;

/**
 * What a check came upon. Immutable.
 *
 * @param subject the file or epoch
 * @param wrong false for what is worth knowing, but as it may be
 * @param text what it is
 */
record Finding(String subject, boolean wrong, String text) {
  @Override
  public String toString() {
    return subject + ": " + (wrong ? "" : "note: ") + text;
  }
}
