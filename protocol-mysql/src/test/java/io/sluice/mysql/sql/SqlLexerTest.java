package io.sluice.mysql.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLexerTest {

  @Test
  void shouldCutAStatementIntoTokens() {
    assertThat(tokens("SELECT a.`b c`, 'it''s' FROM t WHERE x >= -1.5e3;"))
        .containsExactly(
            "WORD SELECT",
            "WORD a",
            "SYMBOL .",
            "QUOTED_NAME `b c`",
            "SYMBOL ,",
            "STRING 'it''s'",
            "WORD FROM",
            "WORD t",
            "WORD WHERE",
            "WORD x",
            "SYMBOL >=",
            "SYMBOL -",
            "NUMBER 1.5e3",
            "SYMBOL ;");
  }

  @Test
  void shouldSkipComments() {
    assertThat(tokens("/* a */ SELECT # b ' \n 1 -- c\n, 2 --\t'\n--"))
        .containsExactly("WORD SELECT", "NUMBER 1", "SYMBOL ,", "NUMBER 2");
  }

  @Test
  void shouldTakeTwoMinusSignsWithoutBlankForOperators() {
    assertThat(tokens("1--1")).containsExactly("NUMBER 1", "SYMBOL -", "SYMBOL -", "NUMBER 1");
  }

  @Test
  void shouldReadExecutableCommentsAsCode() {
    SqlLexer lexer = SqlLexer.of("SET /*!40101 a */ = /*M!100100b*/ /*! c /* no */ d */ e");
    List<String> found = new ArrayList<>();
    while (lexer.next()) {
      found.add(lexer.text() + (lexer.isInExecutableComment() ? "!" : ""));
    }
    assertThat(found).containsExactly("SET", "a!", "=", "b!", "c!", "d!", "e");
  }

  @Test
  void shouldReadVariables() {
    assertThat(tokens("@a @`b c` @'d' @@global.read_only @@x @@`y` @"))
        .containsExactly(
            "USER_VARIABLE @a",
            "USER_VARIABLE @`b c`",
            "USER_VARIABLE @'d'",
            "SYSTEM_VARIABLE @@global.read_only",
            "SYSTEM_VARIABLE @@x",
            "SYSTEM_VARIABLE @@`y`",
            "USER_VARIABLE @");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'a\\tb'|a\tb",
        "'a\\\\b'|a\\b",
        "'a''b'|a'b",
        "\"a\"\"b'c\"|a\"b'c",
        "'100\\%'|100\\%",
        "N'n'|n",
        "`a``b`|a`b",
        "@x|x",
        "@'a b'|a b",
        "@@global.read_only|read_only",
        "@@session.x|x",
        "@@x|x",
        "@@default.key_buffer_size|default.key_buffer_size",
        "word|word"
      })
  void shouldDecodeValues(String sql, String value) {
    SqlLexer lexer = SqlLexer.of(sql);
    lexer.next();
    assertThat(lexer.value()).isEqualTo(value);
    assertThat(lexer.next()).isFalse();
  }

  @Test
  void shouldNameTheScopeOfASystemVariable() {
    SqlLexer lexer = SqlLexer.of("@@GLOBAL.a @@b");
    lexer.next();
    assertThat(lexer.scope()).isEqualTo("global");
    lexer.next();
    assertThat(lexer.scope()).isEmpty();
  }

  @Test
  void shouldLeaveBackslashesAloneWhenTheyAreNoEscapes() {
    byte[] sql = "'a\\' x".getBytes(UTF_8);
    SqlLexer lexer = new SqlLexer(sql, 0, sql.length, false);
    lexer.next();
    assertThat(lexer.value()).isEqualTo("a\\");
    lexer.next();
    assertThat(lexer.isWord("X")).isTrue();
  }

  @Test
  void shouldReadLiterals() {
    assertThat(tokens("0xFF x'0A' 0b01 b'1' 12abc .5 1. 1e 0x"))
        .containsExactly(
            "HEX 0xFF",
            "HEX x'0A'",
            "BITS 0b01",
            "BITS b'1'",
            "WORD 12abc",
            "NUMBER .5",
            "NUMBER 1.",
            "WORD 1e",
            "HEX 0x");
  }

  @Test
  void shouldReadAssignmentsParametersAndLongSymbols() {
    assertThat(tokens("@a:=? <=> || && << ->"))
        .containsExactly(
            "USER_VARIABLE @a",
            "ASSIGN :=",
            "PARAMETER ?",
            "SYMBOL <=>",
            "SYMBOL ||",
            "SYMBOL &&",
            "SYMBOL <<",
            "SYMBOL ->");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'open", "\"open\\\"", "`open", "@'open", "/* open", "x'0", "\u0000"})
  void shouldCallWhatHasNoEndGarbage(String sql) {
    SqlLexer lexer = SqlLexer.of(sql);
    lexer.next();
    assertThat(lexer.type()).isEqualTo(TokenType.GARBAGE);
    assertThat(lexer.next()).isFalse();
    assertThat(lexer.next()).isFalse();
  }

  @Test
  void shouldCompareKeywordsInAnyCase() {
    SqlLexer lexer = SqlLexer.of("sElEcT selects");
    lexer.next();
    assertThat(lexer.isWord("SELECT")).isTrue();
    assertThat(lexer.accept("SELECT")).isTrue();
    assertThat(lexer.isWord("SELECT")).isFalse();
    assertThat(lexer.accept("SELECT")).isFalse();
  }

  @Test
  void shouldComeBackToAMark() {
    SqlLexer lexer = SqlLexer.of("a /*! b */ c");
    lexer.next();
    lexer.next();
    long mark = lexer.mark();
    lexer.next();
    assertThat(lexer.text()).isEqualTo("c");
    lexer.reset(mark);
    assertThat(lexer.text()).isEqualTo("b");
    assertThat(lexer.isInExecutableComment()).isTrue();
    lexer.next();
    assertThat(lexer.text()).isEqualTo("c");
    assertThat(lexer.isInExecutableComment()).isFalse();
  }

  @Test
  void shouldOnlyLookAtABuffer() {
    ByteBuf buffer = Unpooled.directBuffer().writeBytes("xSELECT 1".getBytes(UTF_8));
    buffer.skipBytes(1);
    SqlLexer lexer = SqlLexer.of(buffer);
    lexer.next();
    assertThat(lexer.isWord("SELECT")).isTrue();
    assertThat(buffer.readableBytes()).isEqualTo(8);
    buffer.release();
  }

  @Test
  void shouldTakeNonAsciiLettersForNames() {
    assertThat(tokens("sélect ñ")).containsExactly("WORD sélect", "WORD ñ");
  }

  private static List<String> tokens(String sql) {
    SqlLexer lexer = SqlLexer.of(sql);
    List<String> found = new ArrayList<>();
    while (lexer.next()) {
      found.add(lexer.type() + " " + lexer.text());
    }
    return found;
  }
}
