package io.sluice.benchmarks.relay;

import java.util.ArrayList;
import java.util.List;

/** All scenarios, in the order in which they run. */
public final class Scenarios {
  private static final List<Scenario> ALL =
      List.of(
          new CatchUp(),
          new ManyCatchUp(),
          new LiveFanOut(),
          new IntakeSpeed(),
          new StartSearch(),
          new Restart(),
          new ManyReplicas(),
          new SecuredStores());

  private Scenarios() {}

  /** Those with these names; all if none is given. */
  public static List<Scenario> named(List<String> ids) {
    if (ids.isEmpty()) {
      return ALL;
    }
    List<Scenario> wanted = new ArrayList<>();
    for (String id : ids) {
      wanted.add(
          ALL.stream()
              .filter(scenario -> scenario.id().equals(id))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "scenario: "
                              + id
                              + " (expected: one of "
                              + ALL.stream().map(Scenario::id).toList()
                              + ")")));
    }
    return wanted;
  }
}
