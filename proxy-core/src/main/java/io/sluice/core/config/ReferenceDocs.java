package io.sluice.core.config;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.core.plugin.LoadedModule;
import io.sluice.core.plugin.ModuleRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes reference documentation in Markdown out of the specifications of settings. Stateless. */
public final class ReferenceDocs {

  private static final String HEAD =
      """
      | Name | Type | Default | Required | Run time | Description |
      | --- | --- | --- | --- | --- | --- |
      """;
  private static final String EXAMPLE =
      """
      Every section once; words in capitals stand for the names of modules:

      ```hocon
      sluice {
        data-dir = "data"
        admin { listen = "127.0.0.1:8989" }

        servers {
          db1 { address = "192.0.2.10", port = 3306 }
          db2 { address = "192.0.2.11", port = 3306 }
        }
        monitors {
          main { module = MONITOR, servers = [db1, db2], user = "sluice", password = "secret", interval = 2s }
        }
        filters {
          log { module = FILTER, options { } }
        }
        services {
          app {
            router = ROUTER
            monitor = main                 # or: servers = [db1, db2]
            filters = [log]
            user = "sluice", password = "secret"
            options { }                    # the router's settings
            listeners {
              app { address = "0.0.0.0", port = 4006, options { } }    # the protocol's settings
            }
          }
        }
      }
      ```

      """;
  private static final String MADE =
      "<!-- Made by `sluice --print-reference`: do not edit. -->\n\n";

  private ReferenceDocs() {}

  /** All pages: file name, such as {@code routers/example.md}, to content. */
  public static Map<String, String> pages(ModuleRegistry modules) {
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("configuration.md", configuration());
    for (LoadedModule module : modules.modules()) {
      String folder = module.info().kind().label() + "s";
      pages.put(folder + "/" + module.info().name() + ".md", module(module));
    }
    return pages;
  }

  private static String configuration() {
    StringBuilder page = new StringBuilder(MADE);
    page.append("# Configuration\n\n")
        .append("One file in HOCON. Unknown keys are errors. The settings of modules stand in the ")
        .append("`options { }` of the section that names the module; each module has a page.\n\n")
        .append(EXAMPLE);
    section(page, "sluice", "What holds for the whole process.", Sections.PROXY);
    section(page, "sluice.admin", "Administration.", Sections.ADMIN);
    section(page, "sluice.servers.NAME", "A database server.", Sections.SERVER);
    section(page, "sluice.monitors.NAME", "Watches servers.", Sections.MONITOR);
    section(
        page,
        "sluice.filters.NAME",
        "Sees, changes or answers traffic of the services that name it. The module's settings stand"
            + " beside these keys or in `options`.",
        Sections.FILTER);
    section(page, "sluice.services.NAME", "What clients connect to.", Sections.SERVICE);
    section(
        page,
        "sluice.services.NAME.listeners.NAME",
        "Where clients of a service connect.",
        Sections.LISTENER);
    return page.toString().stripTrailing() + "\n";
  }

  private static String module(LoadedModule module) {
    ModuleKind kind = module.info().kind();
    StringBuilder page = new StringBuilder(MADE);
    page.append("# The ").append(kind.label()).append(" `").append(module.info().name());
    page.append("`\n\n").append(module.info().description()).append("\n\n");
    page.append("Plugin `").append(module.plugin()).append("`, maturity ");
    page.append(module.info().maturity().name().toLowerCase(Locale.ROOT));
    page.append(", plugin API ").append(module.info().apiVersion()).append(".\n\n");
    if (module.factory() instanceof ProtocolFactory protocol) {
      settings(page, "Options of a listener", module.settings());
      settings(page, "Options of a server", protocol.serverSettings());
    } else {
      settings(page, "Options", module.settings());
    }
    page.append(moreOf(module.factory()));
    return page.toString().stripTrailing() + "\n";
  }

  /** What a module has to say beyond its settings: a text beside its factory. */
  private static String moreOf(Object factory) {
    try (InputStream in = factory.getClass().getResourceAsStream("reference.md")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void section(StringBuilder page, String path, String doc, SettingsSpec spec) {
    page.append("## `").append(path).append("`\n\n").append(doc).append("\n\n");
    table(page, spec);
  }

  private static void settings(StringBuilder page, String title, SettingsSpec spec) {
    page.append("## ").append(title).append("\n\n");
    if (spec.settings().isEmpty()) {
      page.append("None.\n\n");
      return;
    }
    table(page, spec);
    for (Setting<?> setting : spec.settings()) {
      setting
          .type()
          .sectionSpec()
          .ifPresent(nested -> settings(page, "In `" + setting.name() + "`", nested));
    }
  }

  private static void table(StringBuilder page, SettingsSpec spec) {
    page.append(HEAD);
    for (Setting<?> setting : spec.settings()) {
      String standard = setting.printedDefault();
      page.append("| `").append(setting.name()).append("` | ");
      page.append(cell(setting.type().name())).append(" | ");
      page.append(standard.isEmpty() ? "" : "`" + cell(standard) + "`").append(" | ");
      page.append(setting.isRequired() ? "yes" : "no").append(" | ");
      page.append(setting.isChangeable() ? "yes" : "no").append(" | ");
      page.append(cell(setting.doc())).append(" |\n");
    }
    page.append('\n');
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ');
  }
}
