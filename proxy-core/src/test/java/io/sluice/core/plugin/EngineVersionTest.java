package io.sluice.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EngineVersionTest {

  @Test
  void shouldComeFromTheBuild() {
    EngineVersion version = EngineVersion.current();

    assertThat(version.triple()).matches("\\d+\\.\\d+\\.\\d+").isNotEqualTo("0.0.0");
    assertThat(version.full()).startsWith(version.triple());
  }
}
