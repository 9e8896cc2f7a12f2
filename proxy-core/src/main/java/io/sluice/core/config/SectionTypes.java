package io.sluice.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingType;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.SettingsSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types that only the engine's own sections have. */
final class SectionTypes {

  /** The value of {@link #THREADS} that stands for one event loop a processor. */
  static final int AUTO = 0;

  /** {@code auto} or a number. */
  static final SettingType<Integer> THREADS = new Threads();

  /** {@code none} or an address with a port. */
  static final SettingType<AdminConfig> LISTEN = new Listen();

  /** A section whose keys only a module knows. */
  static final SettingType<ConfigObject> MODULE_OPTIONS = new ModuleOptions();

  /** Names become directories and parts of addresses. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  private SectionTypes() {}

  /** Sections with names that each follow {@code spec}. */
  static SettingType<List<NamedSection>> named(SettingsSpec spec) {
    return new Named(spec, false);
  }

  /** The same, where keys that {@code spec} does not know are left to somebody else. */
  static SettingType<List<NamedSection>> namedOpen(SettingsSpec spec) {
    return new Named(spec, true);
  }

  private static final class Threads implements SettingType<Integer> {
    private static final SettingType<Integer> NUMBER = SettingTypes.integer(1, 1024);

    @Override
    public String name() {
      return "auto or integer";
    }

    @Override
    public @Nullable Integer parse(ConfigValue value, String path, Problems problems) {
      if ("auto".equals(value.unwrapped())) {
        return AUTO;
      }
      Problems own = new Problems();
      @Nullable Integer number = NUMBER.parse(value, path, own);
      for (ConfigProblem problem : own.all()) {
        problems.add(
            value.origin(), path, problem.message().replace("expected: ", "expected: auto, or "));
      }
      return number;
    }

    @Override
    public String print(Integer value) {
      return value == AUTO ? "auto" : value.toString();
    }
  }

  private static final class Listen implements SettingType<AdminConfig> {
    private static final Pattern ADDRESS =
        Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\[\\]:\\s]+)):([0-9]{1,5})");
    private static final int HIGHEST_PORT = 65_535;

    @Override
    public String name() {
      return "address:port or none";
    }

    @Override
    public @Nullable AdminConfig parse(ConfigValue value, String path, Problems problems) {
      String text = String.valueOf(value.unwrapped());
      if (text.equals("none")) {
        return AdminConfig.NONE;
      }
      var matcher = ADDRESS.matcher(text);
      int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : HIGHEST_PORT + 1;
      if (port > HIGHEST_PORT) {
        problems.add(value.origin(), path, text + " (expected: address:port or none)");
        return null;
      }
      @Nullable String bracketed = matcher.group(1);
      return new AdminConfig(true, bracketed == null ? matcher.group(2) : bracketed, port);
    }
  }

  private static final class ModuleOptions implements SettingType<ConfigObject> {
    @Override
    public String name() {
      return "section of the module";
    }

    @Override
    public @Nullable ConfigObject parse(ConfigValue value, String path, Problems problems) {
      if (value instanceof ConfigObject object) {
        return object;
      }
      problems.add(value.origin(), path, word(value) + " (expected: a section { })");
      return null;
    }
  }

  private static final class Named implements SettingType<List<NamedSection>> {
    private final SettingsSpec spec;
    private final boolean open;

    Named(SettingsSpec spec, boolean open) {
      this.spec = spec;
      this.open = open;
    }

    @Override
    public String name() {
      return "named sections";
    }

    @Override
    public Optional<SettingsSpec> sectionSpec() {
      return Optional.of(spec);
    }

    /** The sections stand elsewhere; only the absence of any is a default. */
    @Override
    public String print(List<NamedSection> value) {
      return "{ }";
    }

    @Override
    public @Nullable List<NamedSection> parse(ConfigValue value, String path, Problems problems) {
      if (!(value instanceof ConfigObject object)) {
        problems.add(value.origin(), path, word(value) + " (expected: sections NAME { })");
        return null;
      }
      List<NamedSection> sections = new ArrayList<>();
      object.forEach((name, child) -> add(name, child, path + "." + name, problems, sections));
      sections.sort(
          Comparator.comparing((NamedSection section) -> file(section.object()))
              .thenComparing(section -> section.object().origin().lineNumber())
              .thenComparing(NamedSection::name));
      return List.copyOf(sections);
    }

    private void add(
        String name,
        ConfigValue value,
        String path,
        Problems problems,
        List<NamedSection> sections) {
      if (!(value instanceof ConfigObject object)) {
        problems.add(value.origin(), path, word(value) + " (expected: a section { })");
        return;
      }
      if (!NAME.matcher(name).matches()) {
        problems.add(
            value.origin(), path, name + " (expected: a name of letters, digits, '-', '_', '.')");
      }
      ConfigObject known = object;
      if (open) {
        List<String> names = spec.settings().stream().map(Setting::name).toList();
        for (String key : object.keySet()) {
          known = names.contains(key) ? known : known.withoutKey(key);
        }
      }
      sections.add(new NamedSection(name, path, object, spec.parse(known, path, problems)));
    }

    private static String file(ConfigObject object) {
      @Nullable String file = object.origin().filename();
      return file == null ? "" : file;
    }
  }

  private static String word(ConfigValue value) {
    return value.valueType() == ConfigValueType.LIST
        ? "a list"
        : value.valueType() == ConfigValueType.NULL ? "null" : "a plain value";
  }
}
