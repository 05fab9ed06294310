package plumbline.properties;

import java.util.List;

/** Where the cases of one check are written down as they are decided, so that they need not be decided again. */
public interface CaseLog {
  /** Remembers nothing. */
  CaseLog NONE = new CaseLog() {
    @Override
    public List<CaseRecord> known() {
      return List.of();
    }

    @Override
    public void add(CaseRecord decided) {}
  };

  /** The cases that were decided before, in any order. */
  List<CaseRecord> known();

  /** Writes down a case; called by several threads. */
  void add(CaseRecord decided);
}
