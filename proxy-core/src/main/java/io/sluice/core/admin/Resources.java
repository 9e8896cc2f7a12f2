package io.sluice.core.admin;

import io.sluice.api.admin.ModuleCommand;
import java.util.List;
import java.util.Optional;

/** All resources of one type. Thread-safe. */
interface Resources {

  /** The name in the path, a plural. */
  String type();

  /** All of them, with what a list shows. */
  List<Resource> list();

  /** One of them, with everything. */
  Optional<Resource> find(String id);

  /** The commands of one of them; empty when there are none. */
  default List<ModuleCommand> commands(String id) {
    return List.of();
  }

  /** Ends one of them; false when there is none, or when this type cannot be ended. */
  default boolean delete(String id) {
    return false;
  }
}
