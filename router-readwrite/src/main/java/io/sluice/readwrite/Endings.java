package io.sluice.readwrite;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Message;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.readwrite.RoutingDecision.Reason;
import org.jspecify.annotations.Nullable;

/**
 * How requests and sessions end without a server's answer. Confined to the session's event loop.
 */
final class Endings {

  private final ReadWriteRouter router;
  private final SessionContext session;
  private final LocalAnswers answers;
  private boolean over;

  Endings(ReadWriteRouter router, SessionContext session) {
    this.router = router;
    this.session = session;
    this.answers = new LocalAnswers(session);
  }

  /** Whether the session has ended: nothing may be sent any more. */
  boolean isOver() {
    return over;
  }

  /** The session was closed by the engine. */
  void closed() {
    over = true;
  }

  /** Ends the session quietly. */
  void end(CloseReason reason, String text) {
    over = true;
    session.close(reason, text);
  }

  /** Ends the session with an error. */
  void fail(String text, @Nullable ReplyError error) {
    over = true;
    ReplyError shown = error == null ? ErrorCode.CONNECTION_KILLED.error(text) : error;
    session.fail(new Failure(Failure.Kind.TRANSIENT, CloseReason.SERVER_LOST, text, shown, null));
  }

  boolean endsWithMaster() {
    return router.settings().failureMode() == ReadWriteSettings.FailureMode.FAIL_INSTANTLY;
  }

  /** A request needs a master and there is none. */
  void withoutMaster(Message message, MySqlRequest request) {
    router.counters().withoutMaster();
    if (endsWithMaster()) {
      message.release();
      fail("service " + session.service() + " has no master now", null);
      return;
    }
    refuse(
        message,
        request,
        ErrorCode.OPTION_PREVENTS.error(
            "Service "
                + session.service()
                + " has no master now, so it takes reads only and cannot run this statement"));
  }

  /** A request asks for what cannot be done. */
  void refuse(Message message, MySqlRequest request, Reason reason) {
    refuse(
        message,
        request,
        reason == Reason.UNKNOWN_STATEMENT
            ? ErrorCode.UNKNOWN_STATEMENT.error(
                "Unknown prepared statement handler (" + request.statementId() + ") given")
            : ErrorCode.NOT_SUPPORTED.error(
                request.name()
                    + ": not supported in this form through a read-write split service, because"
                    + " connection numbers differ from server to server"));
  }

  /** Answers a request with an error. */
  void refuse(Message message, MySqlRequest request, ReplyError error) {
    router.counters().refused();
    boolean whole = message.isLast();
    message.release();
    if (!whole) {
      fail(error.message(), error);
    } else if (request.expectsReply()) {
      answers.error(request, error);
    }
  }

  /** Answers a request that was sent in vain. */
  void answer(MySqlRequest request, ReplyError error) {
    answers.error(request, error);
  }
}
