package io.sluice.binlog.master;

/**
 * What came from the master does not fit; carries the verdict. No stack trace: the peer can cause
 * it.
 */
final class MismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient LinkFailure failure;

  MismatchException(LinkFailure failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  static MismatchException of(String message) {
    return new MismatchException(LinkFailure.mismatch(message));
  }

  LinkFailure failure() {
    return failure;
  }
}
