/**
 * {@code sluicectl}: a thin client of the REST API, one-shot and interactive.
 *
 * <p>{@code Sluicectl} parses a command line; {@code AdminLocator} finds address and token; {@code
 * AdminClient} speaks HTTP and JSON:API; a {@code Printer} for each output format shows what came.
 * {@code InteractiveConsole} runs the same commands with history and completion.
 */
@NullMarked
package io.sluice.console;

import org.jspecify.annotations.NullMarked;
