package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Setting;
import io.sluice.core.plugin.FakeModules;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceDocsTest {

  private final Map<String, String> pages = ReferenceDocs.pages(FakeModules.registry());

  @Test
  void shouldHaveAPageForEachModule() {
    assertThat(pages.keySet())
        .containsExactly(
            "configuration.md",
            "protocols/lines.md",
            "routers/needy.md",
            "routers/relay.md",
            "filters/log.md",
            "monitors/ping.md");
  }

  @Test
  void shouldDescribeEveryGenericSetting() {
    for (Setting<?> setting : Sections.PROXY.settings()) {
      assertThat(pages.get("configuration.md")).contains("| `" + setting.name() + "` | ");
    }
    assertThat(pages.get("configuration.md"))
        .contains("| `threads` | auto or integer | `auto` | no | no | ")
        .contains("| `data-dir` | string | `data` | no | no | ")
        .contains("| `password` | secret |  | no | no | ")
        .contains("| `listen` | address:port or none | `127.0.0.1:8989` | no | no | ");
  }

  @Test
  void shouldDescribeAModule() {
    assertThat(pages.get("filters/log.md"))
        .contains("# The filter `log`\n\nThe log.\n")
        .contains("| `file` | string |  | yes | no | Where to \\| write. |")
        .contains("| `limit` | integer | `10` | no | yes | How many at most. |");
    assertThat(pages.get("monitors/ping.md")).endsWith("## Options\n\nNone.\n");
    assertThat(pages.get("protocols/lines.md"))
        .contains("## Options of a listener", "## Options of a server", "| `key` | secret | ");
  }
}
