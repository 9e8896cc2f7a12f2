package io.sluice.api.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Typed notes that modules leave on a server for each other. Thread-safe. */
public final class Attributes {

  /**
   * The name of a note; compared by identity, so share the constant.
   *
   * @param <T> the type of the note; immutable
   */
  public static final class Key<T> {
    private final String name;
    private final Class<T> type;

    private Key(String name, Class<T> type) {
      this.name = name;
      this.type = type;
    }

    /** A new key. */
    public static <T> Key<T> of(String name, Class<T> type) {
      return new Key<>(name, type);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final Map<Key<?>, Object> values = new ConcurrentHashMap<>();

  /** Leaves a note, replacing an older one. */
  public <T> void put(Key<T> key, T value) {
    values.put(key, value);
  }

  /** Reads a note. */
  public <T> Optional<T> get(Key<T> key) {
    @Nullable Object value = values.get(key);
    return value == null ? Optional.empty() : Optional.of(key.type.cast(value));
  }
}
