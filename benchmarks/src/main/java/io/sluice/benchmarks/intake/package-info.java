/**
 * How fast somebody takes a master's log: {@link io.sluice.benchmarks.intake.LogTaker} is who does
 * it (a relay, a replica's I/O thread), {@link io.sluice.benchmarks.intake.IntakeLog} the log,
 * {@link io.sluice.benchmarks.intake.IntakeMeter} looks on.
 */
@NullMarked
package io.sluice.benchmarks.intake;

import org.jspecify.annotations.NullMarked;
