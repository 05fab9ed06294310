package plumbline.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import plumbline.reference.decide.Outcome;

class CasesTest {

  /** A log in memory. */
  private static final class Memory implements CaseLog {
    private final List<CaseRecord> known;
    private final List<CaseRecord> added = Collections.synchronizedList(new ArrayList<>());

    Memory(List<CaseRecord> known) {
      this.known = known;
    }

    @Override
    public List<CaseRecord> known() {
      return known;
    }

    @Override
    public void add(CaseRecord decided) {
      added.add(decided);
    }
  }

  private static IntFunction<Integer> source() {
    return index -> 10 * index;
  }

  /** Cases 11 and 17 fail, the latter at once, the former late; others take random times. */
  private static CaseRecord judge(int index, int input) {
    assertEquals(10 * index, input);
    try {
      Thread.sleep(index == 11 ? 20 : index == 17 ? 0 : new Random().nextInt(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Outcome outcome = index == 11 || index == 17 ? Outcome.FAILS : index % 4 == 0 ? Outcome.UNDECIDED : Outcome.HOLDS;
    return new CaseRecord(index, outcome, 1.0 / index, 53, List.of("a"), new double[] {index}, 0);
  }

  private static List<CaseRecord> run(int count, CaseLog log, int threads) throws InterruptedException {
    Cases<Integer> cases = new Cases<>(count, CasesTest::source, CasesTest::judge, log, done -> { });
    List<Thread> helpers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread helper = new Thread(() -> assertFalse(cases.help(Integer.MAX_VALUE)));
      helper.start();
      helpers.add(helper);
    }
    for (Thread helper : helpers) {
      helper.join();
    }
    return cases.records();
  }

  private static void same(List<CaseRecord> expected, List<CaseRecord> records) {
    assertEquals(expected.size(), records.size());
    for (int k = 0; k < records.size(); k++) {
      assertEquals(expected.get(k).index(), records.get(k).index());
      assertEquals(expected.get(k).outcome(), records.get(k).outcome());
      assertArrayEquals(expected.get(k).ratios(), records.get(k).ratios());
    }
  }

  @RepeatedTest(5)
  void theFirstFailingCaseEndsTheRecordsWhoeverIsFaster() throws InterruptedException {
    List<CaseRecord> expected = IntStream.rangeClosed(1, 11).mapToObj(c -> judge(c, 10 * c)).toList();
    same(expected, run(40, CaseLog.NONE, 1));
    same(expected, run(40, CaseLog.NONE, 4));
  }

  @Test
  void knownCasesAreNotDecidedAgain() throws InterruptedException {
    List<CaseRecord> whole = run(10, CaseLog.NONE, 2);
    Memory memory = new Memory(List.of(whole.get(6), whole.get(0), whole.get(3)));
    same(whole, run(10, memory, 3));
    Set<Integer> added = new TreeSet<>(memory.added.stream().map(CaseRecord::index).toList());
    assertEquals(Set.of(2, 3, 5, 6, 8, 9, 10), added);
    assertEquals(7, memory.added.size());
    // A failing case that is known does not stand for those before it, one of which fails, too.
    List<CaseRecord> expected = IntStream.rangeClosed(1, 11).mapToObj(c -> judge(c, 10 * c)).toList();
    same(expected, run(40, new Memory(List.of(judge(17, 170))), 2));
    Memory all = new Memory(whole);
    same(whole, run(10, all, 2));
    assertTrue(all.added.isEmpty());
  }

  @Test
  void aLimitedHelperLeavesTheRest() {
    Cases<Integer> cases = new Cases<>(5, CasesTest::source, CasesTest::judge, CaseLog.NONE, done -> { });
    assertTrue(cases.help(3));
    assertThrows(IllegalStateException.class, cases::records);
    assertFalse(cases.help(3));
    assertEquals(5, cases.records().size());
    assertEquals(40, cases.again().apply(4));
  }
}
