package io.sluice.console;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be listed and shown; the plural is the name in the REST API. */
enum ResourceType {
  SERVERS("server"),
  SERVICES("service"),
  LISTENERS("listener"),
  MONITORS("monitor"),
  FILTERS("filter"),
  SESSIONS("session"),
  MODULES("module"),
  SLUICE("sluice");

  private final String singular;

  ResourceType(String singular) {
    this.singular = singular;
  }

  /** The name in the REST API. */
  String plural() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word for one of them. */
  String singular() {
    return singular;
  }

  /** By singular or plural. */
  static Optional<ResourceType> of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.plural().equals(word) || type.singular.equals(word))
        .findFirst();
  }

  /** All singulars and plurals, for completion and messages. */
  static List<String> words() {
    return Arrays.stream(values()).map(ResourceType::plural).toList();
  }
}
