package io.sluice.core.config;

import io.sluice.api.config.Settings;

/**
 * A filter.
 *
 * @param name its name
 * @param module a loaded filter module
 * @param options the module's settings
 * @param source where it stands
 */
public record FilterConfig(String name, String module, Settings options, Source source) {}
