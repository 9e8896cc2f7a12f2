package io.sluice.core.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token that administrators show; made at the first start, readable by its owner only. */
final class AdminToken {

  private static final Logger LOGGER = LoggerFactory.getLogger(AdminToken.class);
  private static final int BYTES = 32;
  private static final String SCHEME = "Bearer ";

  private final byte[] token;

  private AdminToken(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the token from {@code directory/token}, or makes one there. Blocks. */
  static AdminToken in(Path directory) throws IOException {
    Path file = directory.resolve("token");
    if (Files.exists(file)) {
      String known = Files.readString(file).trim();
      if (!known.isEmpty()) {
        return new AdminToken(known);
      }
      Files.delete(file);
    }
    Files.createDirectories(directory);
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String made = HexFormat.of().formatHex(random);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, made + "\n", StandardOpenOption.TRUNCATE_EXISTING);
    LOGGER.atInfo().addKeyValue("file", file).log("admin token made");
    return new AdminToken(made);
  }

  /** Whether an Authorization header shows the token; takes the same time for every wrong one. */
  boolean isShownBy(@Nullable String authorization) {
    return authorization != null
        && authorization.startsWith(SCHEME)
        && MessageDigest.isEqual(
            token,
            authorization.substring(SCHEME.length()).trim().getBytes(StandardCharsets.UTF_8));
  }
}
