package plumbline.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.spec.paper.Paper;

/** The project's own proofs. */
class ProofsTest {
  @TempDir
  Path temporary;

  @Test
  void coqAcceptsEveryProofAndTheIndexSaysWhatItDoes() throws InterruptedException {
    Coq coq = Coqs.require();
    ProofCheck check = new ProofCheck(CoqSources.in(Path.of("coq")), coq, Path.of("target", "coq"));
    ProofCheck.Result result = check.run(2, file -> { });
    List<String> faults = new ArrayList<>(result.faults());
    faults.addAll(check.stale(result.index()));
    assertEquals(List.of(), faults);
    assertEquals(CoqSources.packaged().index(), CoqSources.in(Path.of("coq")).index());
  }

  @Test
  void theContinuousBuildInstallsWhatTheProofsNeed() throws IOException {
    String run = Files.readString(Path.of("..", ".ci", "run"));
    for (String name : Coq.installation(CoqSources.packaged()).replaceFirst(".*--no-install-recommends ", "").split(" ")) {
      assertTrue(run.matches("(?s).*\\b" + name + "\\b.*"), name);
    }
    assertTrue(run.contains("export " + Coqs.REQUIRED + "=1\nmvn test\n"));
  }

  /** Without Coq, too: the index is of these sources and of these ties. */
  @Test
  void theIndexIsUpToDate() {
    CoqSources sources = CoqSources.packaged();
    Ties ties = Ties.read(sources.ties(), Paper.load());
    TheoremIndex index = TheoremIndex.read(sources.index().orElseThrow());
    assertEquals(ties, new Ties(index.readings(), index.kernels()));
    assertEquals(ties.theorems(), index.theorems().stream().map(Theorem::name).toList());
    List<Proof> proofs = Proofs.packaged().all();
    assertFalse(proofs.isEmpty());
    proofs.forEach(proof -> assertFalse(proof.changed(), proof.tie()::toString));
    List<String> axioms = new Axioms(sources.axioms()).names();
    index.theorems().forEach(theorem -> {
      assertTrue(axioms.containsAll(theorem.axioms()), theorem.name());
      assertTrue(theorem.files().contains(theorem.file()), theorem.name());
    });
  }

  @Test
  void aChangedSourceProvesNothing() throws Exception {
    TinyProject project = new TinyProject(temporary);
    CoqSources before = project.sources();
    Theorem theorem = new Theorem("B.twice_two", List.of("twice 2 = 4"), List.of(), List.of("A.v", "B.v"),
        before.hash(List.of("A.v", "B.v")));
    Tie tie = new Tie("fact-a.1", "literal", Role.PROVES, List.of("B.twice_two"), "It.", null);
    project.write(TheoremIndex.FILE, new TheoremIndex("8.16.1", List.of(theorem), List.of(tie), List.of()).text());
    Proof proof = Proofs.of(project.sources()).of("fact-a.1").get(0);
    assertTrue(proof.proves());
    assertEquals("proved", proof.word());
    for (String file : List.of("A.v", "B.v", Axioms.FILE)) {
      TinyProject other = new TinyProject(temporary.resolve(file));
      other.write(TheoremIndex.FILE, project.sources().index().orElseThrow());
      other.replace(file, "n", "n ");
      Proof changed = Proofs.of(other.sources()).of("fact-a.1").get(0);
      assertFalse(changed.proves() || changed.refutes(), file);
      assertEquals("changed", changed.word());
      assertTrue(changed.text("").contains("the sources of B.twice_two have changed since Coq checked them"));
    }
  }

  @Test
  void theStrongestWordStandsInTheTable() {
    Tie whole = new Tie("fact-a.1", "literal", Role.PROVES, List.of("B.t"), "It.", null);
    Tie part = new Tie("fact-a.1", "literal", Role.REFUTES, List.of("B.t"), "It.", "The rest.");
    Tie about = new Tie("fact-a.1", "literal", Role.SUPPORTS, List.of("B.t"), "It.", null);
    assertEquals("-", Proof.word(List.of()));
    assertEquals("theorems", Proof.word(List.of(new Proof(about, List.of(), false))));
    assertEquals("in part", Proof.word(List.of(new Proof(about, List.of(), false), new Proof(part, List.of(), false))));
    assertEquals("proved", Proof.word(List.of(new Proof(part, List.of(), false), new Proof(whole, List.of(), false))));
    assertFalse(new Proof(part, List.of(), false).refutes());
    assertFalse(new Proof(about, List.of(), false).proves());
  }
}
