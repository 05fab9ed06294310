package plumbline.spec.rounding;

import org.checkerframework.common.basetype.BaseTypeChecker;
import org.checkerframework.framework.source.SuppressWarningsPrefix;

/**
 * Checks rounding directions at compile time: where an {@link Up} or {@link Down} number is asked for, nothing that
 * came out of plain arithmetic is accepted. A directed operation vouches for its result with
 * {@code @SuppressWarnings("rounding")} and a proof in its comment.
 */
@SuppressWarningsPrefix("rounding")
public final class RoundingChecker extends BaseTypeChecker {}
