package io.sluice.api.module;

/** The closed set of things a plugin can add. */
public enum ModuleKind {
  /** A wire protocol, both roles. */
  PROTOCOL("protocol"),
  /** Decides where requests go. */
  ROUTER("router"),
  /** Sees, changes or answers traffic. */
  FILTER("filter"),
  /** Watches servers. */
  MONITOR("monitor");

  private final String label;

  ModuleKind(String label) {
    this.label = label;
  }

  /** The word used in configuration, logs and administration. */
  public String label() {
    return label;
  }
}
