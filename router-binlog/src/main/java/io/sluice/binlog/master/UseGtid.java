package io.sluice.binlog.master;

/** The values of {@code MASTER_USE_GTID}: whether another master may be found by GTID. */
public enum UseGtid {
  /** Only the master whose files are stored. */
  NO("No"),
  /** By the position that was set or stored. */
  SLAVE_POS("Slave_Pos"),
  /** The same for a relay, which writes nothing of its own. */
  CURRENT_POS("Current_Pos");

  private final String label;

  UseGtid(String label) {
    this.label = label;
  }

  /** The word in {@code SHOW SLAVE STATUS}. */
  public String label() {
    return label;
  }
}
