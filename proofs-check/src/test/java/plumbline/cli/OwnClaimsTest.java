package plumbline.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims of a user's Java file. */
class OwnClaimsTest {
  @TempDir
  Path folder;

  /** A file Mine.java whose method claims that the entries of softmax(x) are {@code relation} {@code bound}. */
  private Path claim(String id, String relation, String bound) throws IOException {
    return file("""
        public static Property<?> softmaxIsBounded() {
          return new Property<>(new StatedClaim<>("%s", "own", "The entries of softmax(x) are bounded", x -> {
            Expression p = Expression.of(x).softmaxRows();
            return List.of(p.%s(Expression.of(%s).broadcast(p.rows(), p.columns()), "softmax(x) against the bound"));
          }, x -> Map.of("x", x)), Matrices.integers(1, 3));
        }
        """.formatted(id, relation, bound));
  }

  private Path file(String body) throws IOException {
    return Files.writeString(folder.resolve("Mine.java"), """
        import java.util.List;
        import java.util.Map;
        import plumbline.properties.*;
        import plumbline.properties.arbitrary.Matrices;
        import plumbline.properties.StatedClaim;

        public class Mine {
        %s
        }
        """.formatted(body));
  }

  @Test
  void aTrueClaimHolds() throws IOException {
    Cli.run("audit", "--claims", claim("mine", "lessThan", "1"), "--cases", "20").ended(0)
        .says("mine       holds", "1 statement: 1 holds.");
  }

  @Test
  void aFalseClaimIsRefutedWithItsInput() throws IOException {
    Path certificates = folder.resolve("certificates");
    Cli.run("audit", "--claims", claim("mine", "lessThan", "new org.apache.commons.math3.fraction.BigFraction(1, 3)"),
        "--cases", "20", "--certificates", certificates, "--fail-on", "refuted").ended(1)
        .says("mine       refuted", "x = [[0, 0, 0]]", "1 certificate in " + certificates);
  }

  @Test
  void whatIsNoClaimIsOneLine() throws IOException {
    Cli.run("audit", "--claims", folder.resolve("None.java")).refused("None.java", "expected a Java source file");
    Cli.run("audit", "--claims", file("int x = \"no\";")).refused("Mine.java", "does not compile", "line 8");
    Cli.run("audit", "--claims", file("public static int one() { return 1; }")).refused("no public static method");
    Cli.run("audit", "--claims", file("public static Property<?> none() { return null; }")).refused("none returned null");
    Cli.run("audit", "--claims", file("public static Property<?> bad() { throw new IllegalStateException(\"bad\"); }"))
        .refused("bad failed");
    Cli.run("audit", "--claims", claim("lemma-5.3", "lessThan", "1")).refused("lemma-5.3 is a statement of the paper");
  }
}
