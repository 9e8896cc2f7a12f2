package io.sluice.binlog.master;

import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.result.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a MySQL master for its files, and from the newest one backwards for the GTIDs that stand
 * before them. One wish at a time; confined to the loop of the connection.
 */
final class FileChooser {
  /** FORMAT_DESCRIPTION and what follows it. */
  private static final int HEAD_EVENTS = 2;

  private final Conversation talk;
  private Consumer<List<String>> onFiles = files -> {};
  private @Nullable Runnable onNoPrivilege;
  private Consumer<String> onFound = file -> {};
  private Consumer<MySqlGtidSet> onNone = before -> {};
  private MySqlGtidSet limit = MySqlGtidSet.EMPTY;
  private List<String> files = List.of();
  private int candidate;

  FileChooser(Conversation talk) {
    this.talk = talk;
  }

  /** An identifier that no name can break out of. */
  static String quoted(String file) {
    return "'" + file.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** The names in an answer to SHOW BINARY LOGS, of either family. */
  static List<String> names(ResultSet result) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      String name = result.value(i, 0);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** A master with a log has at least one file, unless it was just switched on. */
  static LinkFailure noFile() {
    return new LinkFailure(
        LinkFailure.Kind.REFUSED,
        LinkFailure.FATAL_SLAVE_ERROR,
        "the master has no binary log file");
  }

  /** All files, or that they may not be listed. */
  void all(Consumer<List<String>> found, Runnable noPrivilege) {
    onFiles = found;
    onNoPrivilege = noPrivilege;
    talk.ask(DialogueStep.LOGS, "SHOW BINARY LOGS");
  }

  /** Begins at the newest file. */
  void latest() {
    list(found -> talk.found(found.get(found.size() - 1), BinlogFileFormat.FIRST_EVENT, false));
  }

  /**
   * The newest file that begins behind nothing but these.
   *
   * @param most what may stand before it
   * @param found takes it
   * @param none takes what stands before the oldest file if there is none
   */
  void newestWithin(MySqlGtidSet most, Consumer<String> found, Consumer<MySqlGtidSet> none) {
    limit = most;
    onFound = found;
    onNone = none;
    list(
        all -> {
          candidate = all.size() - 1;
          askFileStart();
        });
  }

  private void list(Consumer<List<String>> then) {
    onFiles =
        found -> {
          if (found.isEmpty()) {
            talk.refused(noFile());
          } else {
            then.accept(found);
          }
        };
    onNoPrivilege = null;
    talk.ask(DialogueStep.LOGS, "SHOW BINARY LOGS");
  }

  /** The list came. */
  void onFiles(ResultSet result) {
    files = names(result);
    onFiles.accept(files);
  }

  /** Whether it matters not that the list was refused. */
  boolean onRefusedFiles() {
    Runnable instead = onNoPrivilege;
    if (instead != null) {
      instead.run();
    }
    return instead != null;
  }

  private void askFileStart() {
    talk.ask(
        DialogueStep.FILE_START,
        "SHOW BINLOG EVENTS IN " + quoted(files.get(candidate)) + " LIMIT " + HEAD_EVENTS);
  }

  /** The first events of a file came. */
  void onFileStart(ResultSet result) {
    MySqlGtidSet before = previous(result);
    if (before != null && limit.contains(before)) {
      onFound.accept(files.get(candidate));
    } else if (candidate > 0) {
      candidate--;
      askFileStart();
    } else {
      onNone.accept(before == null ? MySqlGtidSet.EMPTY : before);
    }
  }

  /** Null if the file does not say. */
  private static @Nullable MySqlGtidSet previous(ResultSet result) {
    for (int i = 0; i < result.size(); i++) {
      String info = result.value(i, 5);
      if ("Previous_gtids".equals(result.value(i, 2)) && info != null) {
        return MySqlGtidSet.parse(info);
      }
    }
    return null;
  }

  /** What the list of files tells of a difference. */
  static String explain(ResumePoint resume, List<String> files) {
    String text =
        ": its history is not ours (CHANGE REPLICATION SOURCE TO with SOURCE_AUTO_POSITION = 1 allows another history to go on with ours)";
    boolean purged = !files.isEmpty() && !files.contains(resume.file().name());
    return purged
        ? text
            + ", or it purged what we need (its files are "
            + files.get(0)
            + " to "
            + files.get(files.size() - 1)
            + ")"
        : text;
  }
}
