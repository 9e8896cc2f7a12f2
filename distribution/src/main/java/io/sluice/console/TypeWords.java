package io.sluice.console;

import java.util.Iterator;

/** The words for resource types, for help and completion. */
final class TypeWords implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return ResourceType.words().iterator();
  }
}
