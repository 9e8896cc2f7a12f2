package io.sluice.core.service;

import io.sluice.api.config.Settings;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterFactory;
import io.sluice.core.context.ModuleContextImpl;
import io.sluice.core.context.SharedParts;

/** A filter of the configuration; several services may use it. Thread-safe. */
public final class FilterRuntime {

  private final String name;
  private final String module;
  private final Filter filter;

  /** Makes the filter. */
  FilterRuntime(String name, FilterFactory factory, Settings options, SharedParts shared) {
    this.name = name;
    this.module = factory.info().name();
    this.filter = factory.createInstance(new ModuleContextImpl(shared, "filters", name), options);
  }

  /** Its name in the configuration. */
  public String name() {
    return name;
  }

  /** The name of its module. */
  public String module() {
    return module;
  }

  /** The module's filter, for sessions, diagnostics and commands. */
  public Filter filter() {
    return filter;
  }
}
