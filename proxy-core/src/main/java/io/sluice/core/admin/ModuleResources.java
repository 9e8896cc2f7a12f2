package io.sluice.core.admin;

import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.ProtocolFactory;
import io.sluice.core.plugin.LoadedModule;
import io.sluice.core.plugin.ModuleRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The loaded modules with their settings. The id is the module's name; where two kinds share one,
 * the kind goes before it with a colon.
 */
final class ModuleResources implements Resources {

  private final ModuleRegistry modules;

  ModuleResources(ModuleRegistry modules) {
    this.modules = modules;
  }

  @Override
  public String type() {
    return "modules";
  }

  @Override
  public List<Resource> list() {
    return modules.modules().stream().map(module -> brief(module).resource(id(module))).toList();
  }

  @Override
  public Optional<Resource> find(String id) {
    return modules.modules().stream()
        .filter(module -> id(module).equals(id))
        .findFirst()
        .map(ModuleResources::whole)
        .map(attributes -> attributes.resource(id));
  }

  private String id(LoadedModule module) {
    String name = module.info().name();
    long sharing =
        modules.modules().stream().filter(other -> other.info().name().equals(name)).count();
    return sharing == 1 ? name : module.info().kind().label() + ":" + name;
  }

  private static Attributes brief(LoadedModule module) {
    return new Attributes()
        .put("kind", module.info().kind().label())
        .put("plugin", module.plugin())
        .put("version", module.version())
        .put("maturity", module.info().maturity().name().toLowerCase(Locale.ROOT))
        .put("description", module.info().description());
  }

  private static Attributes whole(LoadedModule module) {
    Attributes attributes =
        brief(module)
            .put("api_version", module.info().apiVersion())
            .put("settings", settings(module.settings()));
    if (module.info().kind() == ModuleKind.PROTOCOL
        && module.factory() instanceof ProtocolFactory protocol) {
      attributes.put("server_settings", settings(protocol.serverSettings()));
    }
    return attributes;
  }

  private static List<Map<String, Object>> settings(SettingsSpec spec) {
    return spec.settings().stream().map(ModuleResources::setting).toList();
  }

  private static Map<String, Object> setting(Setting<?> setting) {
    return new Attributes()
        .put("name", setting.name())
        .put("type", setting.type().name())
        .put("default", setting.isRequired() ? "(required)" : setting.printedDefault())
        .put("runtime", setting.isChangeable())
        .put("description", setting.doc())
        .values();
  }
}
