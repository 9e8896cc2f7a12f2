package io.sluice.mysql.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.mysql.auth.PrivateFile;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.mysql.request.ServerGreeting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copy of the accounts on disk, for logins while no server can be reached. Mode 0600, holds
 * hashes as the servers keep them and never a password. Written to a second file first and moved,
 * so it is whole or absent. Thread-safe; blocks.
 */
final class AccountCacheFile {

  static final String FILE = "accounts.json";

  private static final Logger LOGGER = LoggerFactory.getLogger(AccountCacheFile.class);
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  AccountCacheFile(Path directory) {
    this.file = directory.resolve(FILE);
  }

  /** What was kept; null when there is nothing or nothing usable, which is warned of. */
  synchronized @Nullable AccountTable load() {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return decode(JSON.readTree(Files.readAllBytes(file)));
    } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .addKeyValue("cause", e instanceof JsonProcessingException ? "not JSON" : e.toString())
          .log("account cache cannot be read and is ignored");
      return null;
    }
  }

  /** Keeps a state. */
  synchronized void save(AccountTable table) throws IOException {
    PrivateFile.write(file, JSON.writeValueAsBytes(encode(table)));
  }

  private static ObjectNode encode(AccountTable table) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("origin", table.origin());
    root.put("loaded-at", table.loadedAt().toString());
    ServerGreeting greeting = table.greeting();
    if (greeting != null) {
      root.putObject("greeting")
          .put("version", greeting.version())
          .put("capabilities", greeting.capabilities().bits())
          .put("collation", greeting.collation())
          .put("auth-plugin", greeting.authPlugin());
    }
    ArrayNode accounts = root.putArray("accounts");
    for (Account account : table.accounts()) {
      ObjectNode node = accounts.addObject();
      node.put("user", account.user()).put("host", account.host().text());
      ArrayNode methods = node.putArray("methods");
      for (StoredAuth method : account.methods()) {
        ObjectNode kept =
            methods.addObject().put("plugin", method.plugin()).put("text", method.text());
        if (!method.additional().isEmpty()) {
          kept.put("additional", method.additional());
        }
      }
      ArrayNode privileges = node.putArray("privileges");
      account.privileges().stream().sorted().forEach(p -> privileges.add(p.name()));
      node.put("locked", account.locked())
          .put("expired", account.expired())
          .put("tls", account.tls().kind().name());
      putIfAny(node, "tls-cipher", account.tls().cipher());
      putIfAny(node, "tls-issuer", account.tls().issuer());
      putIfAny(node, "tls-subject", account.tls().subject());
      Instant expiresAt = account.expiresAt();
      if (expiresAt != null) {
        node.put("expires-at", expiresAt.toString());
      }
    }
    root.put("refuses-expired", table.rules().refusesExpired());
    DatabaseAccess access = table.rules().databases();
    if (access.isKnown()) {
      encode(root.putObject("databases"), access);
    }
    return root;
  }

  private static void encode(ObjectNode node, DatabaseAccess access) {
    node.put("lower-case", access.isLowerCase());
    Set<String> names = access.names();
    if (names != null) {
      names.forEach(node.putArray("names")::add);
    }
    ArrayNode grants = node.putArray("grants");
    for (DatabaseAccess.Grant grant : access.grants()) {
      grants
          .addObject()
          .put("user", grant.user())
          .put("host", grant.host().text())
          .put("database", grant.database())
          .put("exact", grant.exact());
    }
  }

  private static void putIfAny(ObjectNode node, String name, String value) {
    if (!value.isEmpty()) {
      node.put(name, value);
    }
  }

  private static ServerRules rules(JsonNode root) {
    JsonNode node = root.path("databases");
    DatabaseAccess access = DatabaseAccess.UNKNOWN;
    if (node.isObject()) {
      List<DatabaseAccess.Grant> grants = new ArrayList<>();
      for (JsonNode grant : node.path("grants")) {
        grants.add(
            new DatabaseAccess.Grant(
                required(grant, "user"),
                HostPattern.of(required(grant, "host")),
                required(grant, "database"),
                grant.path("exact").asBoolean(false)));
      }
      Set<String> names = node.has("names") ? new TreeSet<>() : null;
      if (names != null) {
        node.path("names").forEach(name -> names.add(name.asText()));
      }
      access = DatabaseAccess.of(grants, names, node.path("lower-case").asBoolean(true));
    }
    return new ServerRules(root.path("refuses-expired").asBoolean(true), access);
  }

  private static AccountTable decode(JsonNode root) {
    if (root.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          "version: " + root.path("version") + " (expected: " + VERSION + ")");
    }
    List<Account> accounts = new ArrayList<>();
    for (JsonNode node : root.path("accounts")) {
      List<StoredAuth> methods = new ArrayList<>();
      for (JsonNode method : node.path("methods")) {
        methods.add(
            new StoredAuth(
                required(method, "plugin"),
                required(method, "text"),
                method.path("additional").asText("")));
      }
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      for (JsonNode privilege : node.path("privileges")) {
        privileges.add(Privilege.valueOf(privilege.asText()));
      }
      accounts.add(
          new Account(
              required(node, "user"),
              HostPattern.of(required(node, "host")),
              methods,
              privileges,
              node.path("locked").asBoolean(true),
              node.path("expired").asBoolean(true),
              new TlsDemand(
                  TlsRequirement.valueOf(required(node, "tls")),
                  node.path("tls-cipher").asText(""),
                  node.path("tls-issuer").asText(""),
                  node.path("tls-subject").asText("")),
              node.has("expires-at") ? Instant.parse(required(node, "expires-at")) : null));
    }
    JsonNode greeting = root.path("greeting");
    return new AccountTable(
        accounts,
        required(root, "origin"),
        Instant.parse(required(root, "loaded-at")),
        greeting.isObject()
            ? new ServerGreeting(
                required(greeting, "version"),
                new Capabilities(greeting.path("capabilities").asLong()),
                greeting.path("collation").asInt(),
                required(greeting, "auth-plugin"))
            : null,
        rules(root));
  }

  private static String required(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(name + ": missing (expected: a text)");
    }
    return value.asText();
  }
}
