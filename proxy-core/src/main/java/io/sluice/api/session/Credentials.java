package io.sluice.api.session;

/**
 * What a client proved of itself, or what an internal client logs in with. The engine carries it
 * from the client side to the server side and never looks inside; implementations never print
 * secrets.
 */
public interface Credentials {

  /** The user's name. */
  String user();
}
