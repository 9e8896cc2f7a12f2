package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.Test;

class InteractiveConsoleTest {

  @Test
  void shouldSplitALineIntoWords() {
    assertThat(InteractiveConsole.words(new DefaultParser(), "show service 'my relay' -o  json"))
        .containsExactly("show", "service", "my relay", "-o", "json");
  }

  @Test
  void shouldIgnoreTheSpaceThatCompletionLeavesBehindAWord() {
    assertThat(InteractiveConsole.words(new DefaultParser(), " list servers "))
        .containsExactly("list", "servers");
  }
}
