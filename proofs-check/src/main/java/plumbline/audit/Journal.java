package plumbline.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.checkerframework.checker.nullness.qual.Nullable;
import plumbline.properties.CaseLog;
import plumbline.properties.CaseRecord;
import plumbline.reference.decide.Outcome;
import plumbline.reference.io.InputException;
import plumbline.reference.io.Sha256;

/**
 * Decided cases on disk, so that an audit that was stopped goes on where it was: one text file for each check, named by all
 * that determines its cases, the build of Plumbline included. Lines are only ever appended: a decided case is handed to the
 * operating system at once, and is on the disk a second later.
 *
 * <p>Every line ends in a checksum of itself and of what the file is about. A line that does not match, such as the last one
 * after a crash, is not used; its case is decided again. The first line says what the file is about. A line {@code n}
 * numbers a list of names of inequalities; a line {@code c} is a case: index, outcome, slack, bits, nanoseconds, number of its
 * list of names, ratios.
 */
public final class Journal implements CaseLogs, AutoCloseable {
  private static final int FORMAT = 1;
  private static final int SYNC_MILLIS = 1000;

  private final Path directory;
  private final String build;
  private final Consumer<String> warnings;
  private final FileChannel lock;
  private final ScheduledExecutorService timer;
  private final List<File> files = new ArrayList<>();
  /** How many checks of a key were opened; checks are always opened in the same order. */
  private final Map<CaseKey, Integer> opened = new HashMap<>();
  private final AtomicLong cases = new AtomicLong();
  /** Why the disk refused the last time; not guarded by a lock, as files are closed under that of the journal. */
  private volatile @Nullable IOException failure;
  private boolean closed;

  private Journal(Path directory, String build, Consumer<String> warnings, FileChannel lock) {
    this.directory = directory;
    this.build = build;
    this.warnings = warnings;
    this.lock = lock;
    this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "journal");
      thread.setDaemon(true);
      return thread;
    });
  }

  /**
   * Opens the journal in a directory, which is made if it is missing.
   *
   * @param build what the results depend on beside the keys; see {@link Build#fingerprint}
   * @param warnings told in one line what of a file cannot be used
   * @throws InputException if the directory cannot be used, or another audit uses it
   */
  public static Journal open(Path directory, String build, Consumer<String> warnings) {
    try {
      Files.createDirectories(directory);
      FileChannel lock =
          FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lock)) {
        lock.close();
        throw new InputException(directory + ": another audit is using this journal; --journal names another directory");
      }
      Journal journal = new Journal(directory, build, warnings, lock);
      journal.timer.scheduleWithFixedDelay(journal::sync, SYNC_MILLIS, SYNC_MILLIS, TimeUnit.MILLISECONDS);
      return journal;
    } catch (IOException e) {
      throw new InputException(directory + ": cannot be used for a journal (" + e + ")", e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  @Override
  public synchronized CaseLog open(CaseKey key) {
    String about = String.join("\t", "plumbline cases " + FORMAT, build, key.statement(), key.reading(),
        Integer.toString(key.step()), key.text().replaceAll("\\s", " "), Long.toString(key.seed()),
        Integer.toString(key.cases()), Integer.toString(key.maxBits()));
    int same = opened.getOrDefault(key, 0) + 1;
    opened.put(key, same);
    about += same == 1 ? "" : "\t" + same;
    String name = (key.statement() + "-" + key.reading()).replaceAll("[^A-Za-z0-9.-]", "_") + "-"
        + Sha256.hex(about).substring(0, 24) + ".cases";
    Path path = directory.resolve(name);
    try {
      File file = new File(path, about, key.cases());
      files.add(file);
      return file;
    } catch (IOException e) {
      throw new InputException(path + ": cannot be used for a journal (" + e + ")", e);
    }
  }

  private void sync() {
    List<File> all;
    synchronized (this) {
      all = List.copyOf(files);
    }
    for (File file : all) {
      try {
        file.sync();
      } catch (IOException e) {
        // The next case that is added says so: this thread can stop nothing.
        failure = e;
      }
    }
  }

  /** How many cases it holds of the checks that were opened. */
  public long cases() {
    return cases.get();
  }

  /** Brings all that was added to the disk, and adds nothing more. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.shutdownNow();
    try {
      for (File file : files) {
        file.close();
      }
      lock.close();
    } catch (IOException e) {
      throw new InputException(directory + ": the journal cannot be written (" + e + ")", e);
    }
  }

  /** One check's cases. */
  private final class File implements CaseLog {
    private final Path path;
    private final String about;
    private final int cases;
    private final FileOutputStream out;
    private final Map<List<String>, Integer> numbers = new HashMap<>();
    private List<CaseRecord> known = new ArrayList<>();
    private boolean dirty;
    private boolean closed;

    File(Path path, String about, int cases) throws IOException {
      this.path = path;
      this.about = about;
      this.cases = cases;
      Content content = Files.exists(path) ? read(path, about, cases) : new Content();
      numbers.putAll(content.numbers);
      known.addAll(content.known.values());
      Journal.this.cases.addAndGet(known.size());
      if (!content.whole) {
        write(path, content.lines, about);
      }
      String damage = content.damage;
      if (damage != null) {
        warnings.accept(path + ": " + damage);
      }
      this.out = new FileOutputStream(path.toFile(), true);
    }

    @Override
    public synchronized List<CaseRecord> known() {
      List<CaseRecord> once = known;
      known = List.of();
      return once;
    }

    @Override
    public synchronized void add(CaseRecord decided) {
      if (closed) {
        return;
      }
      StringBuilder text = new StringBuilder();
      Integer number = numbers.get(decided.names());
      if (number == null) {
        number = numbers.size();
        numbers.put(List.copyOf(decided.names()), number);
        StringBuilder names = new StringBuilder("n\t" + number);
        decided.names().forEach(name -> names.append('\t').append(name.replaceAll("\\s", " ")));
        text.append(line(names.toString(), about));
      }
      StringBuilder payload = new StringBuilder("c\t").append(decided.index()).append('\t').append(decided.outcome())
          .append('\t').append(decided.slack()).append('\t').append(decided.bits()).append('\t').append(decided.nanos())
          .append('\t').append(number);
      for (double ratio : decided.ratios()) {
        payload.append('\t').append(ratio);
      }
      text.append(line(payload.toString(), about));
      try {
        IOException before = failure;
        if (before != null) {
          throw before;
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        dirty = true;
        Journal.this.cases.incrementAndGet();
      } catch (IOException e) {
        throw new InputException(path + ": the journal cannot be written (" + e + ")", e);
      }
    }

    void sync() throws IOException {
      synchronized (this) {
        if (!dirty || closed) {
          return;
        }
        dirty = false;
      }
      out.getFD().sync();
    }

    synchronized void close() throws IOException {
      if (!closed) {
        closed = true;
        if (dirty) {
          out.getFD().sync();
        }
        out.close();
      }
    }
  }

  /** What a file holds that can be used. */
  private static final class Content {
    private final List<String> lines = new ArrayList<>();
    private final Map<List<String>, Integer> numbers = new HashMap<>();
    private final Map<Integer, CaseRecord> known = new HashMap<>();
    /** Whether the file is just these lines. */
    private boolean whole;
    private @Nullable String damage;
  }

  private static Content read(Path path, String about, int cases) throws IOException {
    Content content = new Content();
    byte[] bytes = Files.readAllBytes(path);
    List<List<String>> lists = new ArrayList<>();
    int bad = 0;
    int firstBad = 0;
    boolean badIsLast = false;
    int line = 0;
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] != '\n') {
        continue;
      }
      String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      start = end + 1;
      line++;
      String payload = payload(text, about);
      boolean good = payload != null && (line == 1 ? payload.equals(about) : use(payload, content, lists, cases));
      if (good && line > 1) {
        content.lines.add(payload == null ? "" : payload);
      }
      badIsLast = !good;
      if (!good && bad++ == 0) {
        firstBad = line;
      }
    }
    boolean torn = start < bytes.length;
    content.whole = line > 0 && bad == 0 && !torn;
    // A crash leaves at most the end of the file unwritten; anything else is worth a word.
    if (bad > 0 && !(bad == 1 && badIsLast && !torn)) {
      content.damage = "this journal is damaged (line " + firstBad + (bad == 1 ? "" : " and " + (bad - 1) + " more")
          + "): " + content.known.size() + " of its cases are used, the others are run again";
    }
    return content;
  }

  /** The text before the checksum, or {@code null} if it does not match. */
  private static @Nullable String payload(String line, String about) {
    int tab = line.lastIndexOf('\t');
    if (tab < 0) {
      return null;
    }
    String payload = line.substring(0, tab);
    return line(payload, about).equals(line + "\n") ? payload : null;
  }

  private static String line(String payload, String about) {
    CRC32C crc = new CRC32C();
    crc.update(about.getBytes(StandardCharsets.UTF_8));
    crc.update(payload.getBytes(StandardCharsets.UTF_8));
    return payload + "\t" + String.format("%08x", crc.getValue()) + "\n";
  }

  private static boolean use(String payload, Content content, List<List<String>> lists, int cases) {
    String[] fields = payload.split("\t", -1);
    try {
      if (fields[0].equals("n") && Integer.parseInt(fields[1]) == lists.size()) {
        List<String> names = List.of(Arrays.copyOfRange(fields, 2, fields.length));
        content.numbers.put(names, lists.size());
        lists.add(names);
        return true;
      }
      int index = Integer.parseInt(fields[1]);
      List<String> names = lists.get(Integer.parseInt(fields[6]));
      if (!fields[0].equals("c") || index < 1 || index > cases || fields.length != 7 + names.size()) {
        return false;
      }
      double[] ratios = new double[names.size()];
      for (int k = 0; k < ratios.length; k++) {
        ratios[k] = Double.parseDouble(fields[7 + k]);
      }
      content.known.putIfAbsent(index, new CaseRecord(index, Outcome.valueOf(fields[2]), Double.parseDouble(fields[3]),
          Integer.parseInt(fields[4]), names, ratios, Long.parseLong(fields[5])));
      return true;
    } catch (IllegalArgumentException | IndexOutOfBoundsException notALine) {
      return false;
    }
  }

  /** Writes the lines to another file, which then takes the place of this one. */
  private static void write(Path path, List<String> payloads, String about) throws IOException {
    StringBuilder text = new StringBuilder(line(about, about));
    payloads.forEach(payload -> text.append(line(payload, about)));
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
