package io.sluice.binlog.sql;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The character sets of MariaDB servers. Stateless. */
final class MariaDbCharsets {
  /** The collations that clients name by number at their login. */
  private static final Map<Integer, String> LOGIN_COLLATIONS =
      Map.ofEntries(
          Map.entry(5, "latin1_german1_ci"),
          Map.entry(8, "latin1_swedish_ci"),
          Map.entry(11, "ascii_general_ci"),
          Map.entry(33, "utf8mb3_general_ci"),
          Map.entry(45, "utf8mb4_general_ci"),
          Map.entry(46, "utf8mb4_bin"),
          Map.entry(47, "latin1_bin"),
          Map.entry(48, "latin1_general_ci"),
          Map.entry(63, "binary"),
          Map.entry(65, "ascii_bin"),
          Map.entry(83, "utf8mb3_bin"),
          Map.entry(192, "utf8mb3_unicode_ci"),
          Map.entry(224, "utf8mb4_unicode_ci"));

  /** The character sets of MariaDB and the collations they have if none is named. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("armscii8", "armscii8_general_ci"),
          Map.entry("ascii", "ascii_general_ci"),
          Map.entry("big5", "big5_chinese_ci"),
          Map.entry("binary", "binary"),
          Map.entry("cp1250", "cp1250_general_ci"),
          Map.entry("cp1251", "cp1251_general_ci"),
          Map.entry("cp1256", "cp1256_general_ci"),
          Map.entry("cp1257", "cp1257_general_ci"),
          Map.entry("cp850", "cp850_general_ci"),
          Map.entry("cp852", "cp852_general_ci"),
          Map.entry("cp866", "cp866_general_ci"),
          Map.entry("cp932", "cp932_japanese_ci"),
          Map.entry("dec8", "dec8_swedish_ci"),
          Map.entry("eucjpms", "eucjpms_japanese_ci"),
          Map.entry("euckr", "euckr_korean_ci"),
          Map.entry("gb2312", "gb2312_chinese_ci"),
          Map.entry("gbk", "gbk_chinese_ci"),
          Map.entry("geostd8", "geostd8_general_ci"),
          Map.entry("greek", "greek_general_ci"),
          Map.entry("hebrew", "hebrew_general_ci"),
          Map.entry("hp8", "hp8_english_ci"),
          Map.entry("keybcs2", "keybcs2_general_ci"),
          Map.entry("koi8r", "koi8r_general_ci"),
          Map.entry("koi8u", "koi8u_general_ci"),
          Map.entry("latin1", "latin1_swedish_ci"),
          Map.entry("latin2", "latin2_general_ci"),
          Map.entry("latin5", "latin5_turkish_ci"),
          Map.entry("latin7", "latin7_general_ci"),
          Map.entry("macce", "macce_general_ci"),
          Map.entry("macroman", "macroman_general_ci"),
          Map.entry("sjis", "sjis_japanese_ci"),
          Map.entry("swe7", "swe7_swedish_ci"),
          Map.entry("tis620", "tis620_thai_ci"),
          Map.entry("ucs2", "ucs2_general_ci"),
          Map.entry("ujis", "ujis_japanese_ci"),
          Map.entry("utf16", "utf16_general_ci"),
          Map.entry("utf16le", "utf16le_general_ci"),
          Map.entry("utf32", "utf32_general_ci"),
          Map.entry("utf8mb3", "utf8mb3_general_ci"),
          Map.entry("utf8mb4", "utf8mb4_general_ci"));

  private MariaDbCharsets() {}

  /** What a client with this collation number begins with; null if that is not known here. */
  static @Nullable Charset ofLogin(int collation, @Nullable String overrides) {
    String name = LOGIN_COLLATIONS.get(collation);
    if (name == null) {
      return null;
    }
    String set = setOf(name);
    // Whoever names the old default means the default.
    Charset standard = name.equals(DEFAULTS.get(set)) ? of(set, overrides) : null;
    return standard == null ? new Charset(set, name) : standard;
  }

  private static String setOf(String collation) {
    int end = collation.indexOf('_');
    return end < 0 ? collation : collation.substring(0, end);
  }

  /**
   * A character set by name; null if there is none.
   *
   * @param overrides other default collations, as the variable character_set_collations has them
   */
  static @Nullable Charset of(String name, @Nullable String overrides) {
    String lower = name.toLowerCase(Locale.ROOT);
    String plain = lower.equals("utf8") ? "utf8mb3" : lower;
    String collation = DEFAULTS.get(plain);
    if (collation == null) {
      return null;
    }
    for (String override : overrides == null ? new String[0] : overrides.split(",", -1)) {
      if (override.startsWith(plain + "=")) {
        collation = override.substring(plain.length() + 1);
      }
    }
    return new Charset(plain, collation);
  }

  /** The same with another collation; null if it does not fit. */
  static @Nullable Charset with(Charset charset, String other) {
    String lower = other.toLowerCase(Locale.ROOT);
    String full = lower.startsWith("utf8_") ? "utf8mb3" + lower.substring(4) : lower;
    return setOf(full).equals(charset.name()) ? new Charset(charset.name(), full) : null;
  }
}
