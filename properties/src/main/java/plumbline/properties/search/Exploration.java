package plumbline.properties.search;

import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.reference.decide.Decision;

/**
 * What a search came to. That nothing was found is no proof that there is nothing.
 *
 * @param <I> the inputs
 * @param evaluations how often the claim was evaluated in floating point
 * @param counterexample a certified counterexample, if one was found
 * @param tightest the input that came closest to a violation; {@code null} if every proposal was outside of the domain
 * @param decisions how its inequalities were decided
 */
public record Exploration<I>(
    long evaluations, Optional<Counterexample<I>> counterexample, @Nullable I tightest, List<Decision> decisions) {}
