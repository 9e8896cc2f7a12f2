package io.sluice.api.server;

/** What a server can be used for, as its monitor sees it. */
public enum ServerRole {
  /** Takes changes: the one place where writes belong. */
  WRITER,
  /** Follows a writer and answers reads. */
  READER
}
