package io.sluice.core.plugin;

import java.util.List;

/** Plugins that cannot be used; the message has one line for each problem. */
public final class PluginException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With everything that is wrong. */
  public PluginException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
