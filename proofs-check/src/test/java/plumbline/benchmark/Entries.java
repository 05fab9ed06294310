package plumbline.benchmark;

import java.util.List;

/** A matrix of enclosures, row by row. */
record Entries(int rows, int columns, List<Enclosure> values) {
  Entries {
    if ((long) rows * columns != values.size()) {
      throw new IllegalArgumentException(values.size() + " entries do not fill " + rows + "×" + columns);
    }
  }
}
