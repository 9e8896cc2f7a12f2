package io.sluice.binlog;

import io.sluice.binlog.master.MasterVariables;
import io.sluice.binlog.replica.PresentedSource;
import java.util.function.BooleanSupplier;

/**
 * Whether the master verifies checksums before it sends events. It may change at any time, so each
 * replica asks before each send; the answer is looked up only when a variable has changed.
 * Thread-safe.
 */
final class ChecksumSetting implements BooleanSupplier {
  private final MasterVariables variables;
  private volatile Answer last;

  private record Answer(int changes, boolean verifies) {}

  ChecksumSetting(MasterVariables variables) {
    this.variables = variables;
    this.last = lookUp(variables.changes());
  }

  @Override
  public boolean getAsBoolean() {
    int changes = variables.changes();
    Answer answer = last;
    if (answer.changes != changes) {
      answer = lookUp(changes);
      last = answer;
    }
    return answer.verifies;
  }

  private Answer lookUp(int changes) {
    return new Answer(changes, PresentedSource.verifiesChecksums(variables::get));
  }
}
