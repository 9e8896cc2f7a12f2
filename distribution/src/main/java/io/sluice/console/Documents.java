package io.sluice.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Turns JSON into the rows and cells that people read. */
final class Documents {

  /** The columns of a list: the identifier first, then each simple attribute that any row has. */
  record Table(List<String> columns, List<List<String>> rows) {}

  private Documents() {}

  /** A list document as a table. */
  static Table table(JsonNode document) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode resource : document.path("data")) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("id", resource.path("id").asText());
      resource
          .path("attributes")
          .properties()
          .forEach(
              attribute -> {
                if (isCell(attribute.getValue())) {
                  row.put(attribute.getKey(), cell(attribute.getValue()));
                }
              });
      rows.add(row);
    }
    return tableOf(rows);
  }

  /** An array of objects as a table. */
  static Table nested(JsonNode array) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode element : array) {
      Map<String, String> row = new LinkedHashMap<>();
      element.properties().forEach(field -> row.put(field.getKey(), cell(field.getValue())));
      rows.add(row);
    }
    return tableOf(rows);
  }

  /** Whether a value is shown as a table of its own. */
  static boolean isTable(JsonNode value) {
    return value.isArray() && !value.isEmpty() && value.get(0).isObject();
  }

  /** Whether a value fits one cell. */
  static boolean isCell(JsonNode value) {
    return value.isValueNode() || (value.isArray() && !isTable(value));
  }

  /** A value in one cell. */
  static String cell(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "";
    }
    if (value.isArray()) {
      return String.join(
          ", ", StreamSupport.stream(value.spliterator(), false).map(Documents::cell).toList());
    }
    if (value.isObject()) {
      return String.join(
          ", ",
          value.properties().stream().map(f -> f.getKey() + "=" + cell(f.getValue())).toList());
    }
    return value.asText();
  }

  /** The resource of a document, or the document itself when it is a command's plain answer. */
  static JsonNode body(JsonNode document) {
    JsonNode data = document.path("data");
    if (data.isMissingNode()) {
      return document;
    }
    return data.has("attributes") ? data.path("attributes") : data;
  }

  private static Table tableOf(List<Map<String, String>> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    return new Table(
        List.copyOf(columns),
        rows.stream()
            .map(row -> columns.stream().map(column -> row.getOrDefault(column, "")).toList())
            .toList());
  }
}
