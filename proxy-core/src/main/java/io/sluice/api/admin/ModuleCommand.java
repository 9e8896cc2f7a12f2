package io.sluice.api.admin;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A module's own verb for administrators. Immutable.
 *
 * @param name lower case with dashes
 * @param description one sentence
 * @param parameters the names of its arguments, in order; one in brackets, such as {@code [all]},
 *     may be left out
 * @param action called on an administration thread with the given values by name, without brackets;
 *     may block briefly; what it returns is shown as diagnostics are; throws {@link
 *     CommandException} with a text for the administrator when it cannot be done
 */
public record ModuleCommand(
    String name,
    String description,
    List<String> parameters,
    Function<Map<String, String>, Map<String, Object>> action) {

  /** Copies the list. */
  public ModuleCommand {
    parameters = List.copyOf(parameters);
  }
}
