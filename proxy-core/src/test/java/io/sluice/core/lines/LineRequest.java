package io.sluice.core.lines;

import io.sluice.api.session.Request;

/** A request of the line protocol: its text as far as the first chunk has it. */
public record LineRequest(String text, Object identityOnly) implements Request {

  public LineRequest(String text) {
    this(text, new Object());
  }

  @Override
  public String name() {
    return "line";
  }

  @Override
  public boolean expectsReply() {
    return !text.startsWith("tell ");
  }
}
