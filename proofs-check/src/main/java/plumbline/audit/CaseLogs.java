package plumbline.audit;

import plumbline.properties.CaseLog;

/** Where checks write down the cases that they decide. */
public interface CaseLogs {

  /** Nowhere. */
  CaseLogs NONE = key -> CaseLog.NONE;

  /** The log of one check; opened once. */
  CaseLog open(CaseKey key);
}
