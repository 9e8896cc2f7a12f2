package io.sluice.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** The document as it came, indented. */
final class JsonPrinter implements Printer {

  private final PrintWriter out;

  JsonPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void list(JsonNode document) {
    out.println(document.toPrettyString());
  }

  @Override
  public void show(JsonNode document) {
    out.println(document.toPrettyString());
  }
}
