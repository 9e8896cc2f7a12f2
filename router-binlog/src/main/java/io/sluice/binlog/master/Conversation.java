package io.sluice.binlog.master;

import java.util.Map;

/** What the part of the dialogue that is special to a family of masters causes. */
interface Conversation {
  /** Asks; the answer comes to {@link FamilyDialogue}. */
  void ask(DialogueStep step, String sql);

  /**
   * All is known that replicas may ask for.
   *
   * @param exact values that the list of all variables may have cut off
   */
  void learned(Map<String, String> exact, Map<String, VariableTraits> traits);

  /**
   * The place where the stream begins is known: register.
   *
   * @param epoch whether another history begins there
   */
  void found(String file, long position, boolean epoch);

  /** All is well: request the dump. */
  void dump(DumpCommand command, boolean checksums, boolean semiSync);

  /** This master cannot be used, or not now. */
  void refused(LinkFailure failure);
}
