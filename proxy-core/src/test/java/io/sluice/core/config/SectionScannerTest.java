package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SectionScannerTest {

  @Test
  void shouldFindSectionsHoweverTheyAreWritten() {
    assertThat(
            sections(
                """
                a { b.c { x = 1 }, d : { } }
                # e { }
                // f { }
                "g h" = { i += "j { }", k = [ { l = 1 }, [2] ] m {} }
                n = ${a} { }
                o = \"\"\"
                  p { }
                \"\"\"
                q
                {
                }
                include "r"
                s { t = u.v
                  w { } }
                x.y=z{}
                """))
        .containsExactly("1 a", "1 a.b.c", "1 a.d", "4 g h", "4 g h.m", "10 q", "13 s", "14 s.w");
  }

  @Test
  @Timeout(20)
  void shouldEndWithAnyText() {
    Random random = new Random(7);
    String alphabet = "ab{}[]\"$#/=:+,.\n \\";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(40); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      int lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
      SectionScanner.scan(text.toString(), (path, line) -> assertThat(line).isBetween(1, lines));
    }
  }

  private static List<String> sections(String text) {
    List<String> found = new ArrayList<>();
    SectionScanner.scan(text, (path, line) -> found.add(line + " " + String.join(".", path)));
    return found;
  }
}
