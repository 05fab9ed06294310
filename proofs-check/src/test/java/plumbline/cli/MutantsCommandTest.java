package plumbline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsCommandTest {
  @TempDir
  Path folder;

  @Test
  void aRowForEachBug() throws IOException {
    Path file = folder.resolve("mutants.json");
    Cli run = Cli.run("mutants", "--only", "Area", "--json", file).ended(0)
        .says("Model any-f32. 72 honest results: 0 called a bug, 0 undecided. 19 bugs",
            "**area down-scaling** (72 honest results, 0 called a bug)", "| bug |  | 4×4×2 | 6×6×8 | 12×12×16 |",
            "| nearest | gross | 100 | 100 | 100 |", "| 1/r² in float16 | subtle | = | 100 | 100 |");
    assertEquals(19 + 2, run.out().lines().filter(line -> line.startsWith("|")).count());
    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertEquals(0, json.get("honest").get("area down-scaling").get("bug").intValue());
    assertEquals(19, json.get("bugs").size());
    JsonNode same = json.get("bugs").get(17);
    assertEquals("1/r² in float16", same.get("bug").textValue());
    assertEquals(2, same.get("sizes").get(0).get("equivalent").intValue());
    assertEquals(0, same.get("sizes").get(0).get("end_to_end").get("judged").intValue());
    assertTrue(same.get("sizes").get(1).get("share_of_error_used").get(0).doubleValue() > 1);
  }

  @Test
  void theBriefTableNamesWhatWasAlwaysProved() {
    Cli run = Cli.run("mutants", "--only", "MLP", "--brief").ended(0)
        .says("| one weight off by 64 ulp | subtle | 100 | 100 | 0 ⇢ 100 |", "Always proved, at all sizes: W transposed; ");
    assertEquals(3, run.out().lines().filter(line -> line.startsWith("|")).count());
  }

  @Test
  void mistakesAreNamed() {
    Cli.run("mutants", "--only", "pooling").refused("--only", "pooling", "softmax; attention");
    Cli.run("mutants", "--sizes", "huge").refused("--sizes must be small or full, got 'huge'");
    Cli.run("mutants", "--model", "pdp-11").refused("--model: no model is called 'pdp-11'");
    Cli.run("mutants", "--json", folder).refused("cannot be written");
  }
}
