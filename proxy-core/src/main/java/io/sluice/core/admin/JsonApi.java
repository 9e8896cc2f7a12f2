package io.sluice.core.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes documents as JSON:API 1.1 has them. Thread-safe. */
final class JsonApi {

  /** The media type of documents. */
  static final String MEDIA_TYPE = "application/vnd.api+json";

  private final ObjectMapper mapper = new ObjectMapper();

  /** One resource. */
  String document(String type, Resource resource) {
    return write(Map.of("data", object(type, resource)));
  }

  /** Many resources. */
  String document(String type, List<Resource> resources) {
    return write(
        Map.of("data", resources.stream().map(resource -> object(type, resource)).toList()));
  }

  /** What a command answered. */
  String meta(Map<String, Object> answer) {
    return write(Map.of("meta", plain(answer)));
  }

  /** An error. */
  String error(int status, String title, String detail) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("status", String.valueOf(status));
    error.put("title", title);
    error.put("detail", detail);
    return write(Map.of("errors", List.of(error)));
  }

  /** Reads the arguments of a command: an object of texts, or nothing. */
  Map<String, String> arguments(String body) throws JsonProcessingException {
    Map<String, String> arguments = new LinkedHashMap<>();
    if (!body.isBlank()) {
      var tree = mapper.readTree(body);
      if (!tree.isObject()) {
        throw new com.fasterxml.jackson.core.JsonParseException(null, "not an object");
      }
      tree.properties().forEach(field -> arguments.put(field.getKey(), field.getValue().asText()));
    }
    return arguments;
  }

  private static Map<String, Object> object(String type, Resource resource) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("id", resource.id());
    object.put("type", type);
    object.put("attributes", plain(resource.attributes()));
    object.put(
        "links",
        Map.of("self", type.equals("sluice") ? "/v1/sluice" : "/v1/" + type + "/" + resource.id()));
    return object;
  }

  /** Times, paths and what else modules put in become texts. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value == null
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, element) -> copy.put(String.valueOf(key), plain(element)));
      return copy;
    }
    if (value instanceof Iterable<?> elements && !(value instanceof java.nio.file.Path)) {
      List<@Nullable Object> copy = new ArrayList<>();
      elements.forEach(element -> copy.add(plain(element)));
      return copy;
    }
    return value.toString();
  }

  private String write(Object document) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document of plain values cannot be written", e);
    }
  }
}
