package io.sluice.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleFactory;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import org.junit.jupiter.api.Test;

class ModuleRegistryTest {

  @Test
  void shouldListModulesByKindAndName() {
    assertThat(FakeModules.registry().modules())
        .extracting(module -> module.info().name())
        .containsExactly("lines", "needy", "relay", "log", "ping");
  }

  @Test
  void shouldRefuseTwoModulesOfOneName() {
    assertThatExceptionOfType(PluginException.class)
        .isThrownBy(() -> ModuleRegistry.of(FakeModules.router("a"), FakeModules.router("a")))
        .withMessageContaining("router a: ");
  }

  @Test
  void shouldAllowOneNameForTwoKinds() {
    assertThat(ModuleRegistry.of(FakeModules.router("a"), FakeModules.filter("a")).modules())
        .hasSize(2);
  }

  @Test
  void shouldRefuseAnotherApiAndAWrongKind() {
    ModuleFactory old =
        bare(new ModuleInfo("old", ModuleKind.ROUTER, new ApiVersion(7, 0), Maturity.GA, "x"));
    ModuleFactory liar = bare(FakeModules.info("liar", ModuleKind.MONITOR));

    assertThatExceptionOfType(PluginException.class)
        .isThrownBy(() -> ModuleRegistry.of(old, liar))
        .withMessageContaining("router old of plugin built-in: plugin API 7.0 (expected: ")
        .withMessageContaining("monitor liar: ")
        .withMessageContaining("(expected: a MonitorFactory)");
  }

  @Test
  void shouldTellWhatIsLoadedWhenAModuleIsMissing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FakeModules.registry().router("relais"))
        .withMessage(
            "relais: no such router module (did you mean 'relay'?) (loaded: needy, relay; is its"
                + " plugin jar in the class path?)");
  }

  private static ModuleFactory bare(ModuleInfo info) {
    return new ModuleFactory() {
      @Override
      public ModuleInfo info() {
        return info;
      }

      @Override
      public SettingsSpec settings() {
        return SettingsSpec.EMPTY;
      }
    };
  }
}
