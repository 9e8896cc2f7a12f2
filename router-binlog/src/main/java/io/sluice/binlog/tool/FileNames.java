package io.sluice.binlog.tool;

import io.sluice.binlog.store.StoreView;
import io.sluice.binlog.store.ViewedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files that a command line names: {@code bin.000042}, or {@code 2/bin.000042}. Stateless. */
final class FileNames {
  private FileNames() {}

  /** Each of them as it is now; a name alone is that of the youngest epoch which has it. */
  static List<ViewedFile> resolve(StoreView view, List<String> names) throws IOException {
    List<ViewedFile> files = view.files();
    List<ViewedFile> found = new ArrayList<>();
    for (String name : names) {
      found.add(resolve(files, name));
    }
    return found;
  }

  private static ViewedFile resolve(List<ViewedFile> files, String name) {
    ViewedFile found = null;
    for (ViewedFile file : files) {
      if (file.id().name().equals(name) || file.id().toString().equals(name)) {
        found = file;
      }
    }
    if (found == null) {
      throw new ToolException("file: " + name + " (expected: one that ls shows)");
    }
    return found;
  }

  /** Tells whether a file is the one that grows. */
  static boolean isNewest(List<ViewedFile> files, ViewedFile file) {
    return files.get(files.size() - 1).id().compareTo(file.id()) <= 0;
  }
}
