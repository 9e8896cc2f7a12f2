package io.sluice.mysql.sql;

/** What a token is. */
public enum TokenType {
  /** A keyword or a name without quotes; {@link SqlLexer#isWord} compares it. */
  WORD,
  /** A name in backticks. */
  QUOTED_NAME,
  /** A text in single or double quotes, also with the prefix {@code N}. */
  STRING,
  /** A decimal number, with or without fraction and exponent. */
  NUMBER,
  /** {@code 0xFF} or {@code x'FF'}. */
  HEX,
  /** {@code 0b01} or {@code b'01'}. */
  BITS,
  /** {@code @name}, also quoted; the host part of an account looks the same. */
  USER_VARIABLE,
  /** {@code @@name} with an optional scope in front, as one token. */
  SYSTEM_VARIABLE,
  /** {@code ?}. */
  PARAMETER,
  /** {@code :=}. */
  ASSIGN,
  /** An operator or a punctuation mark: one byte, except {@code <= >= <> != <=> || && << >> ->}. */
  SYMBOL,
  /** A text or comment without end, or a byte that no SQL has. */
  GARBAGE,
  /** Nothing more. */
  END
}
