package plumbline.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import plumbline.benchmark.Report.Comparison;
import plumbline.benchmark.Report.Fact;

class TableTest {

  @Test
  void statistics() {
    assertEquals(2, Samples.median(List.of(5.0, 1.0, 2.0)));
    assertEquals(3.5, Samples.median(List.of(5.0, 1.0, 2.0, 9.0)));
    assertThrows(IllegalArgumentException.class, () -> Samples.median(List.of()));
    assertEquals(0.5, Samples.spread(List.of(1.0, 2.0, 4.0)));
    assertEquals(1.5, Samples.exponent(new double[] {1, 4, 9}, new double[] {2, 16, 54}), 1e-12);
  }

  @Test
  void numbers() {
    assertEquals("0.00123", Table.number(0.0012345));
    assertEquals("9.99", Table.number(9.989));
    assertEquals("1,235", Table.number(1234.5001));
    assertEquals("0.00", Table.number(0));
    assertEquals("1.50 µs ± 33 %", Table.time(List.of(1e-6, 1.5e-6, 2e-6)));
    assertEquals("2.00 s", Table.time(List.of(2.0)));
  }

  /** A machine that is slow for two turns of both sides, and for a turn of one, does not change the ratio. */
  @Test
  void ratiosAreTakenTurnByTurn() {
    assertEquals(2, Samples.ratio(List.of(2.0, 20.0, 20.0, 20.0, 3.0), List.of(1.0, 10.0, 10.0, 1.0, 1.0)));
    assertEquals(3, Samples.ratio(List.of(6.0), List.of(1.0, 2.0, 9.0)));
  }

  /** The ratio is that of each round, for the machine may be slower in one of them; then the middle one of these. */
  @Test
  void aRatioIsTakenRoundByRound() {
    Comparison c = new Comparison(1, "product", 100, 64, "Peer 1", 2, List.of(List.of(1.0, 3.0, 1.0), List.of(10.0), List.of(2.0)),
        List.of(List.of(2.0), List.of(30.0), List.of(8.0)), 0.5);
    assertEquals(List.of(2.0, 3.0, 4.0), c.ratios());
    String table = Table.of(new Report(Map.of("cores", "2"), List.of(c), List.of(), List.of("X (install x): not found")));
    assertEquals("""
        - cores: 2
        - left out: X (install x): not found

        | target | work | Plumbline | peer | its time | ratio | least–largest | wanted | met | radius |
        | --: | --- | --: | --- | --: | --: | --: | --: | --- | --: |
        | 1 | product, n = 64, 100 digits | 2.00 s ± 50 % | Peer 1 | 8.00 s ± 75 % | 3.00 | 2.00–4.00 | ≥ 2.00 | yes | 0.500 |
        """, table);
  }

  @Test
  void aLimitIsMetOrNot() {
    Fact most = new Fact(7, "memory", List.of(9.0, 11.0, 10.5), "GiB", 10.0, true);
    Fact least = new Fact(8, "gain", List.of(1.9), "", 1.8, false);
    Fact free = new Fact(8, "machine", List.of(1.2), "", null, false);
    String table = Table.of(new Report(Map.of(), List.of(), List.of(most, least, free), List.of()));
    assertTrue(table.contains("| 7 | memory | 10.5 GiB | 9.00–11.0 | ≤ 10.0 GiB | no |"), table);
    assertTrue(table.contains("| 8 | gain | 1.90 |  | ≥ 1.80 | yes |"), table);
    assertTrue(table.contains("| 8 | machine | 1.20 |  |  |  |"), table);
  }

  /** The README shows what the command printed for the numbers that are kept beside the plots. */
  @Test
  void theReadmeShowsTheResultsInTheRepository() throws Exception {
    Path module = Path.of("").toAbsolutePath();
    Report report = new ObjectMapper()
        .readValue(module.resolve("src/benchmark/results/benchmark.json").toFile(), Report.class);
    String readme = Files.readString(module.resolve("../README.md"));
    assertTrue(readme.contains(Table.of(report)), "the table of README.md is not that of results/benchmark.json");
  }
}
