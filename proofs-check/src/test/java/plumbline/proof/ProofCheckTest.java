package plumbline.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import plumbline.reference.io.InputException;

/** Proofs that are broken on purpose are not accepted. */
class ProofCheckTest {
  private static final String CLASSIC = "Coq.Logic.Classical_Prop.classic";

  @TempDir
  static Path compiled;

  @TempDir
  Path temporary;

  private TinyProject project;

  @BeforeAll
  static void checkTheSoundProject() throws IOException, InterruptedException {
    Coqs.require();
    new TinyProject(compiled).indexed();
  }

  @BeforeEach
  void copyIt() throws IOException {
    for (String folder : List.of("coq", "build")) {
      Path to = Files.createDirectory(temporary.resolve(folder));
      try (Stream<Path> files = Files.list(compiled.resolve(folder))) {
        for (Path file : files.toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    project = new TinyProject(temporary);
  }

  private void assertFault(String... parts) throws InterruptedException {
    List<String> faults = project.faults();
    for (String part : parts) {
      assertTrue(faults.stream().anyMatch(fault -> fault.contains(part)), faults + " do not say: " + part);
    }
  }

  @Test
  void whatIsSoundIsAccepted() throws InterruptedException {
    ProofCheck.Result again = project.run();
    assertEquals(List.of(), again.faults());
    assertEquals(List.of(0, 2), List.of(again.compiled(), again.kept()));
    assertEquals(List.of(), project.faults());
    List<Theorem> theorems = again.index().theorems();
    assertEquals(List.of("B.decided", "B.twice_equal", "B.twice_two"), theorems.stream().map(Theorem::name).toList());
    assertEquals(List.of("forall P : Prop, P \\/ ~ P"), theorems.get(0).statement());
    assertEquals(List.of("forall n m : nat, n = m -> twice n = twice m"), theorems.get(1).statement());
    assertEquals(List.of("twice 2 = 4"), theorems.get(2).statement());
    assertEquals(List.of(List.of(CLASSIC), List.of(), List.of()), theorems.stream().map(Theorem::axioms).toList());
    assertEquals(List.of("A.v", "B.v"), theorems.get(2).files());
  }

  @Test
  void aDroppedHypothesis() throws Exception {
    project.replace("B.v", "Hypothesis equal : n = m.\n", "").replace("B.v", "rewrite equal. ", "");
    assertFault("B.v is not accepted: ", "twice");
  }

  @Test
  void aConstantChangedInADefinition() throws Exception {
    project.replace("A.v", "n + n.", "n + (n + 0).");
    assertFault("B.twice_equal was checked from other sources: A.v, B.v");
  }

  @Test
  void aConstantChangedInATheorem() throws Exception {
    project.replace("B.v", "twice 2 = 4", "twice 3 = 6");
    assertFault("B.twice_two has another statement in it", "twice 2 = 4", "twice 3 = 6");
  }

  @Test
  void aConstantThatMakesItFalse() throws Exception {
    project.replace("B.v", "twice 2 = 4", "twice 2 = 5");
    assertFault("B.v is not accepted: ", "5");
  }

  @Test
  void anAddedAxiom() throws Exception {
    project.replace("B.v", "Theorem twice_two", "Axiom absurd : False.\nTheorem twice_two")
        .replace("B.v", "4.\nProof. reflexivity.", "4.\nProof. destruct absurd.");
    assertFault("B.v:9: Axiom", "B.twice_two rests on what is not in axioms.txt: absurd");
  }

  @Test
  void anAxiomUnderAnAllowedName() throws Exception {
    project.replace("B.v", "Theorem decided", "Module Classical_Prop.\nAxiom classic : forall P, P.\nEnd Classical_Prop.\nTheorem decided")
        .replace("B.v", "apply classic", "left. apply Classical_Prop.classic");
    assertFault("B.decided rests on what is not in axioms.txt: ");
  }

  @Test
  void anAllowedAxiomIsNoLonger() throws Exception {
    project.replace(Axioms.FILE, CLASSIC + "  excluded middle", "Coq.Logic.FunctionalExtensionality.functional_extensionality_dep  for a try");
    assertFault("B.decided rests on what is not in axioms.txt: classic");
  }

  @Test
  void aProofThatIsGivenUp() throws Exception {
    project.replace("B.v", "4.\nProof. reflexivity. Qed.", "4.\nProof. admit. Admitted.");
    assertFault("B.v:10: admit", "B.v:10: Admitted", "B.twice_two rests on what is not in axioms.txt: twice_two");
  }

  @Test
  void aProofThatCoqIsToldNotToCheck() throws Exception {
    project.replace("B.v", "Theorem twice_two", "Unset Guard Checking.\nFixpoint never (n : nat) : False := never n.\nTheorem twice_two")
        .replace("B.v", "4.\nProof. reflexivity.", "4.\nProof. destruct (never 0).");
    assertFault("B.v:9: Unset Guard Checking", "B.twice_two rests on what is not in axioms.txt: ");
  }

  @Test
  void aRenamedTheorem() throws Exception {
    project.replace("B.v", "Theorem twice_two", "Theorem twice_zwei");
    assertFault("B.twice_two: ", "not found");
  }

  @Test
  void aFileThatIsGone() throws Exception {
    project.replace(CoqSources.PROJECT, "B.v\n", "");
    assertFault("theorems.yaml: B.decided, B.twice_equal, B.twice_two: no file B.v");
  }

  @Test
  void aWeakenedStatement() throws Exception {
    project.replace("B.v", "Theorem decided (P : Prop) : P \\/ ~ P.", "Theorem decided (P : Prop) : P -> P \\/ ~ P.")
        .replace("B.v", "apply classic", "auto");
    assertFault("B.decided has another statement in it", "forall P : Prop, P -> P \\/ ~ P");
  }

  @Test
  void whatIsNoProposition() throws Exception {
    project.replace("B.v", "Theorem twice_two : twice 2 = 4.\nProof. reflexivity. Qed.", "Definition twice_two : nat := twice 2.");
    assertFault("B.twice_two: ", "Prop");
  }

  @Test
  void aStaleIndex() throws Exception {
    project.replace("A.v", "count for nothing", "count for something");
    assertFault("B.decided was checked from other sources", "B.twice_two was checked from other sources");
    project.indexed();
    assertEquals(List.of(), project.faults());
  }

  @Test
  void aTieThatClaimsMoreThanTheIndex() throws Exception {
    project.replace(Ties.FILE, ", missing: The rest.", "");
    assertFault("index.json: its ties are not those of theorems.yaml");
    Files.delete(project.folder.resolve(TheoremIndex.FILE));
    assertFault("there is no index.json");
  }

  @Test
  void filesOutOfOrder() throws Exception {
    project.replace(CoqSources.PROJECT, "A.v\nB.v", "B.v\nA.v");
    assertFault("_CoqProject: B.v requires A.v, which should be listed before it");
  }

  @Test
  void aFileThatWasTakenOutIsNotFoundInTheBuild() throws Exception {
    project.replace(CoqSources.PROJECT, "A.v\n", "");
    assertFault("B.v is not accepted: ");
  }

  @Test
  void whatFailsTakesWithItWhatRequiresIt() throws Exception {
    project.replace("A.v", "n + n.", "n + true.");
    assertFault("A.v is not accepted: ", "B.v is not compiled, since it requires what failed");
  }

  @Test
  void optionsThatWeakenCoqAreRefused() throws Exception {
    project.replace(CoqSources.PROJECT, "A.v", "-arg -type-in-type\nA.v");
    assertThrows(InputException.class, project::sources);
  }
}
