package io.sluice.console;

import java.io.PrintWriter;

/** How results are shown. */
enum OutputFormat {
  /** Aligned columns with lines around them, for people. */
  table,
  /** The document of the REST API, for programs. */
  json,
  /** Tab-separated, with a header line, for scripts. */
  tsv,
  /** Aligned columns without lines. */
  plain;

  Printer printer(PrintWriter out) {
    return switch (this) {
      case table -> new TablePrinter(out, true);
      case plain -> new TablePrinter(out, false);
      case json -> new JsonPrinter(out);
      case tsv -> new TsvPrinter(out);
    };
  }
}
