package plumbline.spec.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PaperTest {

  private static final String IDS = """
      def-3.1 def-3.2 def-3.3 def-3.4 rem-3.5 def-3.6 rem-3.7 def-3.8 def-3.9
      def-4.1 def-4.2 def-4.3 lemma-4.4
      lemma-5.1 asm-5.2 lemma-5.3 lemma-5.4 lemma-5.5 thm-5.6
      cor-6.1 cor-6.2
      fact-a.1 fact-a.2 fact-a.3
      def-b.1 def-b.2 def-b.3 def-b.4 def-b.5 def-b.6 rem-b.7 phase-two phase-three
      def-c.1 def-c.2 def-c.3 def-c.4 def-c.5 rem-c.6 def-c.7 def-c.8 def-c.9 def-c.10 def-c.11 def-c.12 def-c.13
      def-d.1""";

  @Test
  void allStatementsAreThereInThePapersOrder() {
    Paper paper = Paper.load();
    assertEquals(IDS.replaceAll("\\s+", " "), String.join(" ", paper.statements().stream().map(Statement::id).toList()));
    assertEquals(45, paper.statements().stream().filter(s -> s.kind() != Kind.PHASE).count());
    assertEquals(47, paper.statements().size());
  }
}
