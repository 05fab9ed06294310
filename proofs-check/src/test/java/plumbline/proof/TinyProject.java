package plumbline.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two files of proofs in a folder, small enough to be checked in a second, and a way to spoil them. */
final class TinyProject {
  static final String A = """
      (** Comments count for nothing: Admitted. Axiom a : False. (* nested *) "a string *)" Parameter p : nat. *)
      Definition double (n : nat) : nat := n + n.
      Notation "'twice' n" := (double n) (at level 30).
      """;
  static final String B = """
      From Coq Require Import Classical_Prop.
      From Plumbline Require Import A.
      Section Local.
      Variable n m : nat.
      Hypothesis equal : n = m.
      Theorem twice_equal : twice n = twice m.
      Proof. rewrite equal. reflexivity. Qed.
      End Local.
      Theorem twice_two : twice 2 = 4.
      Proof. reflexivity. Qed.
      Theorem decided (P : Prop) : P \\/ ~ P.
      Proof. apply classic. Qed.
      """;
  static final String TIES = """
      readings:
        - {statement: fact-a.1, reading: literal, role: proves, theorems: [B.twice_equal, B.twice_two], says: Both.}
        - {statement: fact-a.2, reading: literal, role: proves, theorems: [B.decided], says: It., missing: The rest.}
      kernels:
        - {kernel: plumbline.reference.number.Ball, theorems: [B.twice_two], says: Something.}
      """;

  final Path folder;
  private final Path build;

  TinyProject(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("coq"));
    this.build = folder.resolve("build");
    write(CoqSources.PROJECT, "-Q . Plumbline\nA.v\nB.v\n");
    write("A.v", A);
    write("B.v", B);
    write(Ties.FILE, TIES);
    write(Axioms.FILE, "# none but\nCoq.Logic.Classical_Prop.classic  excluded middle\n");
  }

  void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Replaces a text that is there. */
  TinyProject replace(String name, String old, String with) throws IOException {
    String text = Files.readString(folder.resolve(name));
    if (!text.contains(old)) {
      throw new AssertionError(name + " does not say: " + old);
    }
    write(name, text.replace(old, with));
    return this;
  }

  CoqSources sources() {
    return CoqSources.in(folder);
  }

  ProofCheck.Result run() throws InterruptedException {
    return new ProofCheck(sources(), Coqs.require(), build).run(2, file -> { });
  }

  /** What is wrong with the proofs, or with the index if nothing is. */
  List<String> faults() throws InterruptedException {
    ProofCheck check = new ProofCheck(sources(), Coqs.require(), build);
    ProofCheck.Result result = check.run(2, file -> { });
    return result.faults().isEmpty() ? check.stale(result.index()) : result.faults();
  }

  /** Makes the index what is found now. */
  TinyProject indexed() throws IOException, InterruptedException {
    write(TheoremIndex.FILE, run().index().text());
    return this;
  }
}
