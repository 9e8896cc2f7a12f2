package io.sluice.binlog.store;

import io.sluice.binlog.form.StoredForm;

/**
 * How and where the bytes of a file are. Immutable.
 *
 * @param form the form on the disk
 * @param archived whether they are in the archive
 * @param diskSize bytes on the disk of an archived file, negative if unknown, 0 of any other
 */
record FilePlace(StoredForm form, boolean archived, long diskSize) {
  private static final long UNKNOWN_SIZE = -1;

  /** The master's bytes in the store's own folder. */
  static final FilePlace PLAIN = local(StoredForm.PLAIN);

  /** In the archive, but what tells in which form cannot be read. */
  static final FilePlace UNTOLD = new FilePlace(StoredForm.PLAIN, true, UNKNOWN_SIZE);

  /** In the store's own folder. */
  static FilePlace local(StoredForm form) {
    return new FilePlace(form, false, 0);
  }

  /** Tells whether it is in the archive in a form that is not known. */
  boolean untold() {
    return diskSize < 0;
  }
}
