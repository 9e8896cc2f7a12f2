package io.sluice.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns for people, with or without lines around them. */
final class TablePrinter implements Printer {

  private final PrintWriter out;
  private final boolean lines;

  TablePrinter(PrintWriter out, boolean lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void list(JsonNode document) {
    Documents.Table table = Documents.table(document);
    if (table.rows().isEmpty()) {
      out.println("(none)");
    } else {
      table(table, "");
    }
  }

  @Override
  public void show(JsonNode document) {
    JsonNode data = document.path("data");
    if (data.has("id")) {
      out.println(data.path("type").asText("resource") + " " + data.path("id").asText());
    }
    object(Documents.body(document), "  ");
  }

  private void object(JsonNode object, String indent) {
    int width = 0;
    for (var field : object.properties()) {
      if (Documents.isCell(field.getValue())) {
        width = Math.max(width, field.getKey().length());
      }
    }
    for (var field : object.properties()) {
      JsonNode value = field.getValue();
      if (Documents.isCell(value)) {
        out.println(indent + padded(field.getKey(), width) + "  " + Documents.cell(value));
      } else {
        out.println(indent + field.getKey() + ":");
        if (Documents.isTable(value)) {
          table(Documents.nested(value), indent + "  ");
        } else {
          object(value, indent + "  ");
        }
      }
    }
  }

  private void table(Documents.Table table, String indent) {
    int[] widths = new int[table.columns().size()];
    List<List<String>> all = new ArrayList<>();
    all.add(table.columns());
    all.addAll(table.rows());
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    rule(widths, indent);
    row(table.columns(), widths, indent);
    rule(widths, indent);
    table.rows().forEach(row -> row(row, widths, indent));
    rule(widths, indent);
  }

  private void row(List<String> cells, int[] widths, String indent) {
    StringBuilder text = new StringBuilder(indent);
    for (int i = 0; i < widths.length; i++) {
      String cell = padded(cells.get(i), widths[i]);
      text.append(lines ? "| " + cell + " " : cell + "  ");
    }
    out.println(lines ? text.append('|') : text.toString().stripTrailing());
  }

  private void rule(int[] widths, String indent) {
    if (lines) {
      StringBuilder text = new StringBuilder(indent);
      for (int width : widths) {
        text.append('+').append("-".repeat(width + 2));
      }
      out.println(text.append('+'));
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
