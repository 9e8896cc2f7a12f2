package io.sluice.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/**
 * Tab-separated values. A list has a header line; one resource is a line {@code path TAB value} for
 * each value, the rows of tables numbered from 0. Tabs and line ends in values become blanks.
 */
final class TsvPrinter implements Printer {

  private final PrintWriter out;

  TsvPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void list(JsonNode document) {
    Documents.Table table = Documents.table(document);
    if (!table.columns().isEmpty()) {
      line(table.columns());
    }
    table.rows().forEach(this::line);
  }

  @Override
  public void show(JsonNode document) {
    JsonNode data = document.path("data");
    if (data.has("id")) {
      line(List.of("id", data.path("id").asText()));
    }
    walk("", Documents.body(document));
  }

  private void walk(String path, JsonNode value) {
    if (value.isObject()) {
      value.properties().forEach(field -> walk(join(path, field.getKey()), field.getValue()));
    } else if (Documents.isTable(value)) {
      for (int i = 0; i < value.size(); i++) {
        walk(join(path, String.valueOf(i)), value.get(i));
      }
    } else {
      line(List.of(path, Documents.cell(value)));
    }
  }

  private void line(List<String> cells) {
    out.println(String.join("\t", cells.stream().map(c -> c.replaceAll("[\t\r\n]", " ")).toList()));
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
