package io.sluice.api.server;

/** Whether a server can be reached, as its monitor sees it. */
public enum ServerStatus {
  /** Nobody watches it, or the first probe is still under way. */
  UNKNOWN,
  /** The last probe was answered. */
  UP,
  /** The last probe failed. */
  DOWN,
  /** Taken out by an administrator. */
  MAINTENANCE
}
