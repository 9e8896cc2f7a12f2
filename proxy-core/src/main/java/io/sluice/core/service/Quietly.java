package io.sluice.core.service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps of a stop: one that fails is logged and the next one is taken. */
final class Quietly {

  private static final Logger LOGGER = LoggerFactory.getLogger(Quietly.class);

  private Quietly() {}

  static void run(String step, String name, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | LinkageError e) {
      LOGGER
          .atError()
          .setCause(e)
          .addKeyValue("step", step)
          .addKeyValue("name", name)
          .log("a step of the stop failed");
    }
  }
}
