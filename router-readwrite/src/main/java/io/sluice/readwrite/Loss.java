package io.sluice.readwrite;

import io.sluice.api.server.Server;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;

/** What clients are told when the connection with a server is lost. */
final class Loss {

  private Loss() {}

  static String text(Server server, Failure failure, boolean wasReady, boolean underWay) {
    if (!wasReady) {
      return "Cannot connect to server " + server.name() + ": " + failure.message();
    }
    return "Lost connection to server "
        + server.name()
        + (underWay ? " during query; what it did is not known: " : ": ")
        + failure.message();
  }

  /** The server's own words if it refused the login. */
  static ReplyError error(Failure failure, boolean wasReady, String text) {
    ReplyError own = failure.error();
    return own != null && !wasReady ? own : ErrorCode.SERVER_LOST.error(text);
  }
}
