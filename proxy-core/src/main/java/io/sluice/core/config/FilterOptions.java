package io.sluice.core.config;

import com.typesafe.config.ConfigObject;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;

/**
 * The settings of a filter's module. A filter has hardly a generic key of its own, so its module's
 * settings may stand beside them as well as in {@code options}.
 */
record FilterOptions(String path, ConfigObject written) {

  static FilterOptions of(NamedSection section, Problems problems) {
    ConfigObject beside = section.object();
    for (Setting<?> generic : Sections.FILTER.settings()) {
      beside = beside.withoutKey(generic.name());
    }
    ConfigObject inside = section.child(Sections.OPTIONS);
    if (beside.isEmpty()) {
      return new FilterOptions(section.path(Sections.OPTIONS), inside);
    }
    if (!inside.isEmpty()) {
      problems.add(
          inside.origin(),
          section.path(Sections.OPTIONS),
          "stands beside the module's settings "
              + String.join(", ", beside.keySet().stream().sorted().toList())
              + " (expected: all in one place)");
    }
    return new FilterOptions(section.path(), beside);
  }

  Settings parse(SettingsSpec spec, Problems problems) {
    return spec.parse(written, path, problems);
  }

  Source source() {
    return new Source(path, written);
  }
}
