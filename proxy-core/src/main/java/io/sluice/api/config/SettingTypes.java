package io.sluice.api.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types that settings have. All are immutable constants or made by a factory method here. */
public final class SettingTypes {

  /** Any text; numbers and booleans are taken as they are written. */
  public static final SettingType<String> STRING = new Scalar<>("string", Config::getString);

  /** A text that is never printed. */
  public static final SettingType<String> SECRET =
      new Scalar<>("secret", Config::getString) {
        @Override
        public String print(String value) {
          return "********";
        }
      };

  /** {@code true}, {@code false}, {@code yes}, {@code no}, {@code on}, {@code off}. */
  public static final SettingType<Boolean> BOOLEAN = new Scalar<>("boolean", Config::getBoolean);

  /** A time span such as {@code 2s}, {@code 500ms}, {@code 1 day}. Not negative. */
  public static final SettingType<Duration> DURATION =
      new Scalar<>(
          "duration",
          (config, key) -> {
            Duration duration = config.getDuration(key);
            if (duration.isNegative()) {
              throw new IllegalArgumentException("a duration that is not negative");
            }
            return duration;
          }) {
        @Override
        public String print(Duration value) {
          return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
        }
      };

  /** A number of bytes such as {@code 64k}, {@code 1 MiB}, {@code 4096}. */
  public static final SettingType<Long> SIZE = new Scalar<>("size", Config::getBytes);

  /** A list of texts. */
  public static final SettingType<List<String>> STRING_LIST =
      new Scalar<>("list of strings", (config, key) -> List.copyOf(config.getStringList(key)));

  private SettingTypes() {}

  /** A whole number from {@code min} to {@code max}, both included. */
  public static SettingType<Integer> integer(int min, int max) {
    return new Scalar<>(
        "integer",
        (config, key) -> {
          int value = config.getInt(key);
          if (value < min || value > max) {
            throw new IllegalArgumentException("an integer from " + min + " to " + max);
          }
          return value;
        });
  }

  /** A whole number from {@code min} to {@code max}, both included. */
  public static SettingType<Long> longInteger(long min, long max) {
    return new Scalar<>(
        "integer",
        (config, key) -> {
          long value = config.getLong(key);
          if (value < min || value > max) {
            throw new IllegalArgumentException("an integer from " + min + " to " + max);
          }
          return value;
        });
  }

  /** A TCP port from 1 to 65535. */
  public static SettingType<Integer> port() {
    return integer(1, 65535);
  }

  /** One of the constants of an enum, written in lower case with dashes. */
  public static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
    String choices =
        Arrays.stream(type.getEnumConstants())
            .map(SettingTypes::label)
            .collect(Collectors.joining(", "));
    return new Scalar<>(
        "one of " + choices,
        (config, key) -> {
          String text = config.getString(key);
          for (E constant : type.getEnumConstants()) {
            if (label(constant).equals(text.toLowerCase(Locale.ROOT))) {
              return constant;
            }
          }
          throw new IllegalArgumentException("one of " + choices);
        }) {
      @Override
      public String print(E value) {
        return label(value);
      }
    };
  }

  /** A list of constants of an enum, written as for {@link #oneOf}, each at most once. */
  public static <E extends Enum<E>> SettingType<List<E>> someOf(Class<E> type) {
    SettingType<E> element = oneOf(type);
    return new Scalar<>(
        "list of " + element.name(),
        (config, key) -> {
          List<E> some = new ArrayList<>();
          for (ConfigValue value : config.getList(key)) {
            Problems problems = new Problems();
            @Nullable E constant = element.parse(value, key, problems);
            if (constant == null || some.contains(constant)) {
              throw new IllegalArgumentException("a list of " + element.name() + ", each once");
            }
            some.add(constant);
          }
          return List.copyOf(some);
        }) {
      @Override
      public String print(List<E> value) {
        return value.stream().map(SettingTypes::label).toList().toString();
      }
    };
  }

  /** A list of sections that each follow {@code spec}. */
  public static SettingType<List<Settings>> sections(SettingsSpec spec) {
    return new SettingType<>() {
      @Override
      public String name() {
        return "list of sections";
      }

      @Override
      public Optional<SettingsSpec> sectionSpec() {
        return Optional.of(spec);
      }

      @Override
      public @Nullable List<Settings> parse(ConfigValue value, String path, Problems problems) {
        if (!(value instanceof ConfigList list)) {
          problems.add(value.origin(), path, found(value) + " (expected: a list of sections)");
          return null;
        }
        List<Settings> sections = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
          ConfigValue element = list.get(i);
          if (element instanceof ConfigObject object) {
            sections.add(spec.parse(object, path + "[" + i + "]", problems));
          } else {
            problems.add(element.origin(), path, found(element) + " (expected: a section { })");
          }
        }
        return List.copyOf(sections);
      }
    };
  }

  /** A section that follows {@code spec}. */
  public static SettingType<Settings> section(SettingsSpec spec) {
    return new SettingType<>() {
      @Override
      public String name() {
        return "section";
      }

      @Override
      public Optional<SettingsSpec> sectionSpec() {
        return Optional.of(spec);
      }

      @Override
      public @Nullable Settings parse(ConfigValue value, String path, Problems problems) {
        if (value instanceof ConfigObject object) {
          return spec.parse(object, path, problems);
        }
        problems.add(value.origin(), path, found(value) + " (expected: a section { })");
        return null;
      }
    };
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String found(ConfigValue value) {
    return value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST
        ? "a " + value.valueType().name().toLowerCase(Locale.ROOT)
        : String.valueOf(value.unwrapped());
  }

  /** A type that the configuration library reads by itself. */
  private static class Scalar<T> implements SettingType<T> {
    private static final String KEY = "v";
    private final String name;
    private final BiFunction<Config, String, T> read;

    Scalar(String name, BiFunction<Config, String, T> read) {
      this.name = name;
      this.read = read;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public @Nullable T parse(ConfigValue value, String path, Problems problems) {
      try {
        return read.apply(value.atKey(KEY), KEY);
      } catch (ConfigException e) {
        problems.add(value.origin(), path, shown(value) + " (expected: " + name + ")");
      } catch (IllegalArgumentException e) {
        problems.add(value.origin(), path, shown(value) + " (expected: " + e.getMessage() + ")");
      }
      return null;
    }

    private String shown(ConfigValue value) {
      return this == SECRET ? "a value that does not fit" : found(value);
    }
  }
}
