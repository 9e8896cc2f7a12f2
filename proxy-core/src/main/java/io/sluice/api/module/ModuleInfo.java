package io.sluice.api.module;

import static java.util.Objects.requireNonNull;

/**
 * What a module tells of itself. Immutable.
 *
 * @param name the name used in the configuration, unique within its kind
 * @param kind what it is
 * @param apiVersion the API it was written against
 * @param maturity how far it is trusted
 * @param description one sentence for administrators
 */
public record ModuleInfo(
    String name, ModuleKind kind, ApiVersion apiVersion, Maturity maturity, String description) {

  /** Checks that nothing is missing. */
  public ModuleInfo {
    requireNonNull(name, "name");
    requireNonNull(kind, "kind");
    requireNonNull(apiVersion, "apiVersion");
    requireNonNull(maturity, "maturity");
    requireNonNull(description, "description");
  }
}
