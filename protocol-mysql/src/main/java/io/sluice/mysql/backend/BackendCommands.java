package io.sluice.mysql.backend;

import io.sluice.api.session.Request;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;

/** The command behind a request, whoever made it. */
final class BackendCommands {

  private BackendCommands() {}

  /** The command; what comes from elsewhere is taken for a query. */
  static Command of(Request request) {
    return request instanceof MySqlRequest mysql ? mysql.command() : Command.QUERY;
  }
}
