package io.sluice.readwrite;

import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSetWriter;

/** Answers that no server gave. */
final class LocalAnswers {

  private final SessionContext session;

  LocalAnswers(SessionContext session) {
    this.session = session;
  }

  /** Answers a request that is here as a whole with an error. */
  void error(MySqlRequest request, ReplyError error) {
    Object agreed = session.identity().clientState();
    Capabilities capabilities =
        agreed instanceof ClientState client ? client.capabilities() : Capabilities.INTERNAL;
    session
        .upstream()
        .clientReply(
            ResultSetWriter.error(ByteBufAllocator.DEFAULT, 1, capabilities, error),
            MySqlReply.complete(request, error));
  }
}
