package io.sluice.console;

import com.fasterxml.jackson.databind.JsonNode;

/** Shows JSON:API documents in one format. */
interface Printer {

  /** A document whose data is an array. */
  void list(JsonNode document);

  /** A document whose data is one resource, or the plain answer of a command. */
  void show(JsonNode document);
}
