package plumbline.audit;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import plumbline.properties.Property;
import plumbline.reference.io.InputException;
import plumbline.spec.paper.Paper;
import plumbline.spec.paper.Statement;

/**
 * The claims of a user's Java file: every public static method without parameters that returns a {@link Property}. The file
 * is compiled and run, so it is trusted like any program.
 *
 * @param properties the claims, in the order of the methods' names
 */
public record OwnClaims(List<Property<?>> properties) {

  /**
   * Compiles a file of one public class and collects its claims.
   *
   * @throws InputException with one line if it does not compile, holds no claim, or names a statement of the paper
   */
  public static OwnClaims load(Path file) {
    if (!file.toString().endsWith(".java") || !Files.isReadable(file)) {
      throw new InputException(file + ": expected a Java source file, NAME.java");
    }
    List<Property<?>> properties = new ArrayList<>();
    for (Class<?> type : compile(file)) {
      List<Method> methods = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
      methods.sort(Comparator.comparing(Method::getName));
      for (Method method : methods) {
        if (Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers())
            && method.getParameterCount() == 0 && Property.class.isAssignableFrom(method.getReturnType())) {
          properties.add(property(file, method));
        }
      }
    }
    if (properties.isEmpty()) {
      throw new InputException(file + ": no public static method without parameters returns a Property");
    }
    Paper paper = Paper.load();
    for (Property<?> property : properties) {
      String id = property.claim().statement();
      if (paper.statements().stream().anyMatch(statement -> statement.id().equals(id))) {
        throw new InputException(file + ": " + id + " is a statement of the paper; give your claim an id of its own");
      }
    }
    return new OwnClaims(properties);
  }

  /** One statement for each id, in the order of the claims. */
  public List<Statement> statements() {
    Map<String, Statement> statements = new LinkedHashMap<>();
    for (Property<?> property : properties) {
      statements.putIfAbsent(property.claim().statement(),
          Statement.own(property.claim().statement(), property.claim().reading(), property.claim().text()));
    }
    return List.copyOf(statements.values());
  }

  /** A campaign for each. */
  public List<Check> checks() {
    return properties.stream().<Check>map(PropertyCheck::new).toList();
  }

  @SuppressWarnings("nullness:argument") // a static method has no receiver
  private static Property<?> property(Path file, Method method) {
    try {
      method.setAccessible(true);
      Object value = method.invoke(null);
      if (value instanceof Property<?> property) {
        return property;
      }
      throw new InputException(file + ": " + method.getName() + " returned null");
    } catch (InvocationTargetException e) {
      throw new InputException(file + ": " + method.getName() + " failed: " + e.getCause(), e);
    } catch (IllegalAccessException e) {
      throw new InputException(file + ": " + method.getName() + " cannot be called (" + e + ")", e);
    }
  }

  private static List<Class<?>> compile(Path file) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new InputException(file + ": cannot be compiled, this Java has no compiler (use a JDK)");
    }
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      Path classes = Files.createTempDirectory("plumbline-claims");
      try {
        List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path", ""), "-d", classes.toString());
        if (!compiler.getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(file)).call()) {
          throw new InputException(file + ": does not compile: " + firstError(diagnostics));
        }
        return classes(classes);
      } finally {
        delete(classes);
      }
    } catch (IOException e) {
      throw new InputException(file + ": cannot be compiled (" + e + ")", e);
    }
  }

  private static String firstError(DiagnosticCollector<JavaFileObject> diagnostics) {
    return diagnostics.getDiagnostics().stream().filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> "line " + d.getLineNumber() + ": " + d.getMessage(Locale.ROOT)).findFirst().orElse("unknown reason");
  }

  /** Loads and links every class of a directory, top-level ones first. */
  private static List<Class<?>> classes(Path directory) throws IOException {
    List<String> names;
    try (Stream<Path> walk = Files.walk(directory)) {
      names = walk.filter(path -> path.toString().endsWith(".class"))
          .map(path -> directory.relativize(path).toString().replace(File.separatorChar, '.').replaceAll("\\.class$", ""))
          .sorted().toList();
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()}, OwnClaims.class.getClassLoader())) {
      List<Class<?>> loaded = new ArrayList<>();
      for (String name : names) {
        loaded.add(Class.forName(name, true, loader));
      }
      return loaded;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
