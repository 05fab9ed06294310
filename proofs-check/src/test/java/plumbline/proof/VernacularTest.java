package plumbline.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VernacularTest {

  private static List<String> faults(String source) {
    return new Vernacular(source).faults();
  }

  @Test
  void sentencesEndWherePeriodsDo() {
    assertEquals(List.of("From A Require Import B.C", "Check 1.5", "Notation \"\"\"\" := (cons x .. (cons y nil) ..)", "auto ..", "Qed"),
        new Vernacular("From A Require Import B.C. (* a. b *)Check 1.5.\n Notation \"[ x ; .. ]. \"\"y\" := (cons x .. (cons y nil) ..)."
            + " auto ... Qed.").sentences().stream().map(Vernacular.Sentence::text).toList());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "Axiom a : False.|1: Axiom",
      "#[local] Axiom a : False.|1: Axiom",
      "Local Parameter p : nat.|1: Parameter",
      "- { + admit. }|1: admit",
      "1: { give_up. }|1: give_up",
      "auto; try admit.|1: admit",
      "Conjecture c : True.|1: Conjecture",
      "Variable x : nat.|1: Variable outside a section",
      "Hypotheses (h : False).|1: Hypotheses outside a section",
      "Section S. Variable x : nat. End S. Context (y : nat).|1: Context outside a section",
      "Module M. Variable x : nat. End M.|1: Variable outside a section",
      "Module N := M. Section S. End S. Variable x : nat.|1: Variable outside a section",
      "Unset  Universe Checking.|1: Unset Universe Checking",
      "Global Unset Positivity Checking.|1: Unset Positivity Checking",
      "#[bypass_check(guard)] Fixpoint f (n : nat) : False := f n.|1: bypass_check",
      "Admit Obligations.|1: Admit Obligations",
      "Load other.|1: Load",
      "Declare ML Module \"x\".|1: Declare ML Module",
      "Lemma a : True. Proof. Admitted.|1: Admitted",
  })
  void whatLeavesSomethingUnproved(String source, String fault) {
    assertEquals(List.of(fault), faults(source));
  }

  @Test
  void whatOnlyLooksLikeIt() {
    assertEquals(List.of(), faults("(* Axiom a : False. *) (* \"*) Admitted.\" (* nested *) Parameter p. *)"));
    assertEquals(List.of(), faults("Notation \"'Axiom' x\" := (x) (at level 0). Lemma admitted_admit' : True. Proof. exact I. Qed."));
    assertEquals(List.of(), faults("Section S. Variable x : nat. Module M. Section T. Hypothesis h : x = x. End T. End M. End S."));
    assertEquals(List.of(), faults("Definition admissible := 1. Print Assumptions admissible. Check Axiomatic."));
  }

  @Test
  void linesAreCounted() {
    assertEquals(List.of("4: Axiom", "7: Admitted"), faults("(* one\n two *)\n\nAxiom a :\n False.\n Lemma b : a.\nAdmitted."));
  }
}
