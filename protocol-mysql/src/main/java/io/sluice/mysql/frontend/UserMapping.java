package io.sluice.mysql.frontend;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Setting;
import io.sluice.api.config.SettingTypes;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.ProvenCredentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which users servers are logged in to as, for clients whose own logins show nothing that servers
 * take, or that shall be another user there. Immutable; never prints passwords.
 */
public final class UserMapping {

  /** The client's user. */
  public static final Setting<String> NAME =
      Setting.required(
          "name", SettingTypes.STRING, "User name that the client logs in to the listener with.");

  /** The user towards servers. */
  public static final Setting<String> USER =
      Setting.optional(
          "user",
          SettingTypes.STRING,
          "User name that servers are logged in to with for this client. Without it the client's"
              + " own.");

  /** The password towards servers. */
  public static final Setting<String> PASSWORD =
      Setting.required(
          "password", SettingTypes.SECRET, "Password that servers are logged in to with.");

  /** One element of the list. */
  public static final SettingsSpec SPEC = SettingsSpec.of(NAME, USER, PASSWORD);

  /** No user is another one. */
  static final UserMapping NONE = new UserMapping(Map.of());

  private record Target(String user, Proof proof) {}

  private final Map<String, Target> targets;

  private UserMapping(Map<String, Target> targets) {
    this.targets = Map.copyOf(targets);
  }

  /**
   * From the configuration.
   *
   * @param mappings elements that follow {@link #SPEC}
   * @param path of the list, for messages
   * @throws InvalidConfigException for a user with two mappings
   */
  static UserMapping of(List<Settings> mappings, String path) {
    Map<String, Target> targets = new HashMap<>();
    for (int i = 0; i < mappings.size(); i++) {
      Settings mapping = mappings.get(i);
      String name = mapping.get(NAME);
      Target target =
          new Target(mapping.find(USER).orElse(name), Proof.ofPassword(mapping.get(PASSWORD)));
      if (targets.put(name, target) != null) {
        throw new InvalidConfigException(
            path + "[" + i + "].name", name + ": a second time (expected: once)");
      }
    }
    return new UserMapping(targets);
  }

  /** Whether the client's user is another one on the servers. */
  boolean has(String user) {
    return targets.containsKey(user);
  }

  /** The same client, with what servers are logged in to with. */
  ProvenCredentials apply(ProvenCredentials client) {
    Target target = targets.get(client.user());
    return target == null ? client : client.asOnServers(target.user(), target.proof());
  }
}
