package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the attributes of a resource in the order they are put; nulls are kept. */
final class Attributes {

  private static final Logger LOGGER = LoggerFactory.getLogger(Attributes.class);

  private final Map<String, Object> values = new LinkedHashMap<>();

  Attributes put(String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
    return this;
  }

  /** A module's own view; a module that throws does not spoil the rest. */
  Attributes diagnostics(Supplier<Map<String, Object>> module) {
    try {
      Map<String, Object> view = module.get();
      return view.isEmpty() ? this : put("diagnostics", view);
    } catch (RuntimeException e) {
      LOGGER.atWarn().setCause(e).log("diagnostics of a module failed");
      return put("diagnostics", Map.of("error", String.valueOf(e)));
    }
  }

  /** A module's own verbs. */
  Attributes commands(List<ModuleCommand> commands) {
    return commands.isEmpty()
        ? this
        : put(
            "commands",
            commands.stream()
                .map(
                    command ->
                        new Attributes()
                            .put("name", command.name())
                            .put("parameters", String.join(", ", command.parameters()))
                            .put("description", command.description())
                            .values)
                .toList());
  }

  Resource resource(String id) {
    return new Resource(id, values);
  }

  Map<String, Object> values() {
    return values;
  }
}
