package io.sluice.binlog;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import io.sluice.api.config.Problems;
import io.sluice.api.config.SettingType;
import io.sluice.api.config.SettingTypes;
import io.sluice.binlog.store.SyncPolicy;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How {@code sync} is written: two words or a time span. Immutable. */
final class SyncSetting implements SettingType<SyncPolicy> {
  private static final String TRANSACTION = "transaction";
  private static final String NONE = "none";
  private static final String KEY = "v";

  @Override
  public String name() {
    return "transaction, none or a duration";
  }

  @Override
  public @Nullable SyncPolicy parse(ConfigValue value, String path, Problems problems) {
    String text = String.valueOf(value.unwrapped());
    switch (text.toLowerCase(Locale.ROOT)) {
      case TRANSACTION -> {
        return SyncPolicy.TRANSACTION;
      }
      case NONE -> {
        return SyncPolicy.NONE;
      }
      default -> {
        Duration interval = interval(value);
        if (interval == null) {
          problems.add(
              value.origin(),
              path,
              text + " (expected: transaction, none or a duration such as 100ms)");
          return null;
        }
        return SyncPolicy.every(interval);
      }
    }
  }

  /** A time span that is longer than nothing; null for anything else. */
  private static @Nullable Duration interval(ConfigValue value) {
    try {
      Duration interval = value.atKey(KEY).getDuration(KEY);
      return interval.isNegative() || interval.isZero() ? null : interval;
    } catch (ConfigException e) {
      return null;
    }
  }

  @Override
  public String print(SyncPolicy value) {
    if (value.equals(SyncPolicy.TRANSACTION)) {
      return TRANSACTION;
    }
    return value.isOn() ? SettingTypes.DURATION.print(Duration.ofNanos(value.delayNanos())) : NONE;
  }
}
