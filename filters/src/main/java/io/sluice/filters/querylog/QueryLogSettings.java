package io.sluice.filters.querylog;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The settings of one query log. Immutable.
 *
 * @param file where lines go, absolute
 * @param append whether a file that exists is continued
 * @param flush whether lines are on disk's way at once
 * @param match patterns of statements to log; empty for all
 * @param exclude patterns of statements not to log
 * @param users whose statements to log; empty for all
 * @param minDuration how long a statement must have taken to be logged
 * @param maxStatementLength how many characters of a statement are written
 * @param queueSize how many lines may wait for the disk
 */
record QueryLogSettings(
    Path file,
    boolean append,
    boolean flush,
    List<TextPattern> match,
    List<TextPattern> exclude,
    Set<String> users,
    Duration minDuration,
    int maxStatementLength,
    int queueSize) {

  private static final Setting<String> FILE =
      Setting.optional(
          "file",
          SettingTypes.STRING,
          "The file, relative to the installation directory. Without it log/NAME.log, NAME being"
              + " that of the filter.");

  private static final Setting<Boolean> APPEND =
      Setting.of(
          "append",
          SettingTypes.BOOLEAN,
          true,
          "Whether a file that exists is continued at a start rather than begun anew.");

  private static final Setting<Boolean> FLUSH =
      Setting.of(
          "flush",
          SettingTypes.BOOLEAN,
          true,
          "Whether lines go to the file as soon as the writer has them, rather than when its buffer"
              + " is full or a second has passed.");

  private static final Setting<List<String>> MATCH =
      Setting.of(
          "match",
          SettingTypes.STRING_LIST,
          List.of(),
          "Only statements that fit one of these patterns are logged. A pattern is compared with the"
              + " whole statement, without regard to case; * stands for any text.");

  private static final Setting<List<String>> EXCLUDE =
      Setting.of(
          "exclude",
          SettingTypes.STRING_LIST,
          List.of(),
          "Statements that fit one of these patterns are not logged.");

  private static final Setting<List<String>> USERS =
      Setting.of(
          "users",
          SettingTypes.STRING_LIST,
          List.of(),
          "Only statements of these users are logged; empty for all users.");

  private static final Setting<Duration> MIN_DURATION =
      Setting.of(
          "min-duration",
          SettingTypes.DURATION,
          Duration.ZERO,
          "Only statements that took at least this long are logged, from their arrival to the end of"
              + " their answer.");

  private static final Setting<Integer> MAX_STATEMENT_LENGTH =
      Setting.of(
          "max-statement-length",
          SettingTypes.integer(0, 1 << 20),
          4096,
          "How many characters of a statement are written; 0 leaves statements out.");

  private static final Setting<Integer> QUEUE_SIZE =
      Setting.of(
          "queue-size",
          SettingTypes.integer(1, 1_000_000),
          10_000,
          "How many lines may wait for the disk. More are dropped and counted: clients never wait.");

  /** All settings. */
  static final SettingsSpec SPEC =
      SettingsSpec.of(
          FILE,
          APPEND,
          FLUSH,
          MATCH,
          EXCLUDE,
          USERS,
          MIN_DURATION,
          MAX_STATEMENT_LENGTH,
          QUEUE_SIZE);

  static QueryLogSettings from(String name, Settings settings) {
    String file = settings.find(FILE).orElse("log/" + name + ".log");
    return new QueryLogSettings(
        Path.of(System.getProperty("sluice.home", "")).toAbsolutePath().resolve(file).normalize(),
        settings.get(APPEND),
        settings.get(FLUSH),
        settings.get(MATCH).stream().map(TextPattern::new).toList(),
        settings.get(EXCLUDE).stream().map(TextPattern::new).toList(),
        Set.copyOf(settings.get(USERS)),
        settings.get(MIN_DURATION),
        settings.get(MAX_STATEMENT_LENGTH),
        settings.get(QUEUE_SIZE));
  }

  /** Whether this statement is wanted. */
  boolean wants(String statement) {
    return (match.isEmpty() || match.stream().anyMatch(pattern -> pattern.fits(statement)))
        && exclude.stream().noneMatch(pattern -> pattern.fits(statement));
  }

  boolean wantsUser(String user) {
    return users.isEmpty() || users.contains(user);
  }
}
