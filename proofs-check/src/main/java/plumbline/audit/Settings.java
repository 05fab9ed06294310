package plumbline.audit;

import java.util.function.IntConsumer;
import plumbline.reference.decide.Ladder;

/**
 * What a check is run with.
 *
 * @param cases random cases asked for
 * @param seed the same seed gives the same cases
 * @param ladder decides inequalities, up to its precision limit
 * @param keep how many decided cases each check keeps for its certificate
 * @param progress told how many further cases are done
 */
public record Settings(int cases, long seed, Ladder ladder, int keep, IntConsumer progress) {}
