package io.sluice.binlog.master;

import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.ResumePoint;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the end of the store, and of whose log it is. Immutable.
 *
 * @param resume where the store ends
 * @param tail the last stored event; null to begin behind it
 * @param sourceUuid the server uuid of the master that the newest files came from; empty if that is
 *     not known, as of MariaDB
 */
record StoredEnd(ResumePoint resume, @Nullable StoredTail tail, String sourceUuid) {

  /** Where to begin when the histories agree, at or before the end of the store. */
  long resumeAt() {
    return tail == null ? resume.offset() : tail.position();
  }

  /** Whose log it is; null in an empty store. */
  @Nullable ServerFamily family() {
    FormatDescription format = resume.formatDescription();
    return format == null ? null : format.family();
  }

  /** The same where another history begins. */
  StoredEnd at(ResumePoint changed) {
    return new StoredEnd(changed, tail, sourceUuid);
  }
}
