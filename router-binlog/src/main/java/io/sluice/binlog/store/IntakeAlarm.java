package io.sluice.binlog.store;

import java.time.Instant;

/**
 * Intake pauses because the store cannot be written; what is stored is served. Immutable.
 *
 * @param kind what is wrong
 * @param message the words of the operating system, the latest ones
 * @param since when it began
 */
public record IntakeAlarm(WriterFailure.Kind kind, String message, Instant since) {}
