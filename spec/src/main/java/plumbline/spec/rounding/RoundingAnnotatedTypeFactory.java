package plumbline.spec.rounding;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompoundAssignmentTree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import java.lang.annotation.Annotation;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.type.TypeKind;
import org.checkerframework.common.basetype.BaseAnnotatedTypeFactory;
import org.checkerframework.common.basetype.BaseTypeChecker;
import org.checkerframework.framework.type.AnnotatedTypeFactory;
import org.checkerframework.framework.type.AnnotatedTypeMirror;
import org.checkerframework.framework.type.treeannotator.ListTreeAnnotator;
import org.checkerframework.framework.type.treeannotator.TreeAnnotator;
import org.checkerframework.javacutil.AnnotationBuilder;

/** Types of expressions in the rounding hierarchy: the result of any arithmetic is {@link Nearest}. */
public final class RoundingAnnotatedTypeFactory extends BaseAnnotatedTypeFactory {
  private final AnnotationMirror nearest;

  /** Called by the checker through reflection; the framework asks for {@code postInit()} at the end. */
  @SuppressWarnings("nullness")
  public RoundingAnnotatedTypeFactory(BaseTypeChecker checker) {
    super(checker);
    nearest = AnnotationBuilder.fromClass(elements, Nearest.class);
    postInit();
  }

  @Override
  protected Set<Class<? extends Annotation>> createSupportedTypeQualifiers() {
    return Set.of(Nearest.class, Up.class, Down.class, Exact.class);
  }

  @Override
  protected TreeAnnotator createTreeAnnotator() {
    return new ListTreeAnnotator(super.createTreeAnnotator(), new ArithmeticIsNearest(this));
  }

  /** Takes back what the framework's default rule, "a + b is what a and b are", would grant. */
  private final class ArithmeticIsNearest extends TreeAnnotator {
    ArithmeticIsNearest(AnnotatedTypeFactory factory) {
      super(factory);
    }

    @Override
    public Void visitBinary(BinaryTree tree, AnnotatedTypeMirror type) {
      type.replaceAnnotation(nearest);
      return super.visitBinary(tree, type);
    }

    @Override
    public Void visitUnary(UnaryTree tree, AnnotatedTypeMirror type) {
      type.replaceAnnotation(nearest);
      return super.visitUnary(tree, type);
    }

    @Override
    public Void visitCompoundAssignment(CompoundAssignmentTree tree, AnnotatedTypeMirror type) {
      type.replaceAnnotation(nearest);
      return super.visitCompoundAssignment(tree, type);
    }

    /** Narrowing to float rounds to nearest. */
    @Override
    public Void visitTypeCast(TypeCastTree tree, AnnotatedTypeMirror type) {
      if (type.getKind() == TypeKind.FLOAT) {
        type.replaceAnnotation(nearest);
      }
      return super.visitTypeCast(tree, type);
    }
  }
}
