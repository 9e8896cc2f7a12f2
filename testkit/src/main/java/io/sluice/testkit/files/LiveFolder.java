package io.sluice.testkit.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder whose files come, are renamed and go while the test looks: unlike {@link Files#walk},
 * nothing here fails because an entry of the listing is no longer there. Stateless but for its
 * path; any thread.
 */
public final class LiveFolder {
  private final Path folder;

  private LiveFolder(Path folder) {
    this.folder = folder;
  }

  /** The folder and all below it. It need not exist: then it is empty. */
  public static LiveFolder at(Path folder) {
    return new LiveFolder(folder);
  }

  /**
   * The regular files of this moment, in order of their paths.
   *
   * @throws UncheckedIOException if a folder cannot be read
   */
  public List<Path> files() {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(folder, new Collector(found));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
    found.sort(null);
    return found;
  }

  /** The regular files of this moment with that name, in order of their paths. */
  public List<Path> named(String name) {
    return files().stream().filter(file -> file.getFileName().toString().equals(name)).toList();
  }

  /**
   * The bytes of a file as characters, each byte one; nothing if the file has gone.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final List<Path> found;

    Collector(List<Path> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
