package io.sluice.core.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * A section that has a name of its own, such as a server. Immutable.
 *
 * @param name its name
 * @param path where it stands, such as {@code sluice.servers.db1}
 * @param object as it was written
 * @param settings the generic settings of it
 */
record NamedSection(String name, String path, ConfigObject object, Settings settings) {

  /** The path of one of its keys. */
  String path(Setting<?> setting) {
    return path + "." + setting.name();
  }

  /** Where a key stands; where the section begins if the key was left out. */
  ConfigOrigin origin(Setting<?> setting) {
    @Nullable ConfigValue value = object.get(setting.name());
    return value == null ? object.origin() : value.origin();
  }

  /** Where one element of a list stands. */
  ConfigOrigin origin(Setting<?> setting, int index) {
    @Nullable ConfigValue value = object.get(setting.name());
    return value instanceof ConfigList list && index < list.size()
        ? list.get(index).origin()
        : origin(setting);
  }

  /** A section in it; an empty one at the same place if it was left out. */
  ConfigObject child(Setting<?> setting) {
    @Nullable ConfigValue value = object.get(setting.name());
    return value instanceof ConfigObject section
        ? section
        : ConfigFactory.empty().root().withOrigin(object.origin());
  }
}
