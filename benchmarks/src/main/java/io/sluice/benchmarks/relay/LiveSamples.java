package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.report.Samples;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all turns. Not thread-safe. */
final class LiveSamples {
  private final Map<Key, List<LiveFigures>> all = new LinkedHashMap<>();

  private record Key(LiveServer server, int replicas, boolean half) {}

  void add(LiveServer server, int replicas, LiveRun.Both both) {
    add(new Key(server, replicas, false), both.saturating());
    add(new Key(server, replicas, true), both.half());
  }

  private void add(Key key, LiveFigures figures) {
    all.computeIfAbsent(key, k -> new ArrayList<>()).add(figures);
  }

  boolean has(LiveServer server, int replicas) {
    return all.containsKey(new Key(server, replicas, false));
  }

  /** One figure, turn by turn. */
  Samples of(LiveServer server, int replicas, boolean half, ToDoubleFunction<LiveFigures> figure) {
    Samples samples = new Samples();
    for (LiveFigures figures : all.getOrDefault(new Key(server, replicas, half), List.of())) {
      samples.add(figure.applyAsDouble(figures));
    }
    return samples;
  }
}
