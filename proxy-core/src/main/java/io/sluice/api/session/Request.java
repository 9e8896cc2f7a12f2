package io.sluice.api.session;

/**
 * What the protocol knows of a request. Protocol modules have their own implementation and routers
 * of that protocol look inside. One object for all chunks of one request.
 */
public interface Request {

  /** The name of the command, for logs and administration. */
  String name();

  /** Whether the server answers it. */
  boolean expectsReply();
}
