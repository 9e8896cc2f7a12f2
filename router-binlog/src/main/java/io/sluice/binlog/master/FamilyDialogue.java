package io.sluice.binlog.master;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.result.ResultSet;
import java.util.Map;

/**
 * The part of the dialogue that is special to a family of masters: from the variables to the
 * registration, and from there to the dump. One question at a time; confined to the loop of the
 * connection.
 */
sealed interface FamilyDialogue permits MariaDbDialogue, MySqlDialogue {
  /** The error of a server that does not know a system variable. */
  int UNKNOWN_VARIABLE = 1193;

  /**
   * Asks the first question behind the variables.
   *
   * @param variables all global ones of the master
   */
  void begin(Map<String, String> variables);

  /** The open question was answered. */
  void onResult(DialogueStep step, ResultSet result);

  /** Whether an error to the open question was dealt with; it is the end otherwise. */
  boolean onError(DialogueStep step, ReplyError error);

  /** The registration was accepted. */
  void onRegistered(String file, long position);
}
