package plumbline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import plumbline.audit.AuditReport;
import plumbline.spec.claim.Verdict;
import plumbline.spec.paper.Paper;

/** The page in headless Chromium, opened from a file. Skipped where there is no Chromium. */
class PageTest {
  private static final int[] WIDTHS = {400, 800, 1280, 2000};

  @TempDir
  static Path folder;

  /** Held here, as the logging library lets go of loggers that nobody holds; the one line that it would print is of no use. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static AuditReport audit;
  private static ChromeDriver browser;

  @BeforeAll
  static void openBrowser() throws Exception {
    File chromium = program("chromium");
    File driver = program("chromedriver");
    if (chromium == null || driver == null) {
      String skipped = "SKIPPED: the page is not opened in a browser: no " + (chromium == null ? "chromium" : "chromedriver")
          + " on PATH (Debian packages chromium and chromium-driver)";
      System.err.println(skipped);
      Assumptions.abort(skipped);
    }
    audit = Samples.wholePaper();
    Files.writeString(folder.resolve("index.html"), Report.html(Paper.load(), audit, Samples.FIGURES));
    Paper hostile = Samples.hostilePaper();
    Files.writeString(folder.resolve("hostile.html"), Report.html(hostile, Samples.hostileAudit(hostile), List.of()));
    SELENIUM.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--force-prefers-reduced-motion");
    options.setCapability("goog:loggingPrefs", logs);
    options.setExperimentalOption("perfLoggingPrefs", Map.of("enableNetwork", true, "enablePage", false));
    browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
    browser.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60)).scriptTimeout(Duration.ofSeconds(60));
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  private static File program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(path -> new File(path, name))
        .filter(File::canExecute).findFirst().orElse(null);
  }

  @BeforeEach
  void open() {
    prefer("light");
    resize(1280);
    load("index.html");
  }

  @AfterEach
  void forget() {
    script("localStorage.clear()");
  }

  private static void load(String page) {
    browser.get(folder.resolve(page).toUri().toString());
    waitFor("document.documentElement.dataset.ready === 'true'");
  }

  private static void waitFor(String condition) {
    for (int tries = 0; tries < 600; tries++) {
      if (Boolean.TRUE.equals(script("return " + condition))) {
        return;
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("never true: " + condition);
  }

  private static Object script(String code, Object... arguments) {
    return browser.executeScript(code, arguments);
  }

  private static long count(String selector) {
    return ((Number) Objects.requireNonNull(script("return document.querySelectorAll(arguments[0]).length", selector))).longValue();
  }

  private static void resize(int width) {
    browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  private static void prefer(String scheme) {
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(
        Map.of("name", "prefers-color-scheme", "value", scheme), Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  private static void press(CharSequence... keys) {
    new Actions(browser).sendKeys(keys).perform();
  }

  private static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  @SuppressWarnings("unchecked")
  private static List<String> shown() {
    return (List<String>) script("return Array.from(document.querySelectorAll('article.statement'))"
        + ".filter(a => a.offsetHeight > 0).map(a => a.id)");
  }

  private static List<String> ids(Verdict verdict) {
    return audit.verdicts().stream().filter(v -> v.verdict() == verdict).map(v -> v.statement().id()).toList();
  }

  private static String background() {
    return (String) script("return getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void opensWithoutAnErrorOrARequest() {
    browser.manage().logs().get(LogType.PERFORMANCE);
    browser.manage().logs().get(LogType.BROWSER);
    load("index.html");
    find("#theme").click();
    assertEquals(List.of(), browser.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList());
    List<String> requests = browser.manage().logs().get(LogType.PERFORMANCE).getAll().stream().map(e -> e.getMessage())
        .filter(message -> message.contains("\"Network.requestWillBeSent\"") && !message.contains("\"url\":\"data:font/woff2")).toList();
    assertEquals(1, requests.size(), requests::toString);
    assertTrue(requests.get(0).contains("index.html"));
  }

  @Test
  void everyFormulaIsTypeset() {
    Paper paper = Paper.load();
    long formulas = paper.statements().stream().mapToLong(s -> 1 + s.readings().stream().filter(r -> r.formula().isPresent()).count()
        + s.proof().size()).sum() + paper.notation().size();
    assertEquals(formulas, count(".tex"));
    assertEquals(formulas, count(".tex .katex-display .katex-html"));
    assertEquals(0, count(".katex-error, .katex [style*='cc0000'], .katex [style*='rgb(204, 0, 0)']"));
    assertTrue((Boolean) script("return document.fonts.check('16px KaTeX_Main') && document.fonts.check('16px KaTeX_AMS')"));
  }

  @Test
  void filtersShowTheStatementsOfAVerdict() {
    assertEquals(audit.verdicts().size(), shown().size());
    find("[data-filter=refuted]").click();
    assertEquals(ids(Verdict.REFUTED), shown());
    assertEquals(shown().size(), count(".toc [data-for]:not([hidden])"));
    assertEquals(shown().size() + " of 47 statements", find("#shown").getText());
    assertEquals("true", find("[data-filter=refuted]").getDomAttribute("aria-pressed"));
    find("[data-filter=holds]").click();
    assertEquals(ids(Verdict.REFUTED).size() + ids(Verdict.HOLDS).size(), shown().size());
    find("[data-filter=refuted]").click();
    assertEquals(ids(Verdict.HOLDS), shown());
    press(Keys.ESCAPE);
    assertEquals(audit.verdicts().size(), shown().size());
    find("[data-filter=refuted]").click();
    script("location.hash = '#def-3.1'");
    waitFor("document.getElementById('def-3.1').offsetHeight > 0");
  }

  @Test
  void searchFindsIdsTextsAndTex() {
    find("#search").sendKeys("lemma-5.4");
    assertTrue(shown().contains("lemma-5.4") && shown().size() < 10, shown()::toString);
    press(Keys.ESCAPE);
    find("#search").sendKeys("Boltzmann OPERATOR");
    assertEquals(List.of("lemma-4.4"), shown());
    find("#search").sendKeys(" nonsense");
    assertEquals(List.of(), shown());
    assertTrue(find("#none").isDisplayed());
    find("#clear").click();
    assertEquals(47, shown().size());
    find("#search").sendKeys("\\sigma_{\\min}");
    assertTrue(shown().size() < 47, shown()::toString);
    assertEquals(shown().size() + " of 47 statements", find("#shown").getText());
  }

  private static String focused() {
    return (String) script("const e = document.activeElement; const a = e.closest('article'); return a ? a.id : e.id || e.className");
  }

  @Test
  void theKeyboardIsEnough() {
    press(Keys.TAB);
    assertEquals("skip", focused());
    press(Keys.ENTER);
    assertEquals("statements", focused());
    script("scrollTo(0, 0)");
    press("j");
    assertEquals("def-3.1", focused());
    press("j");
    press("j");
    assertEquals("def-3.3", focused());
    press("k");
    assertEquals("def-3.2", focused());
    String outline = (String) script("return getComputedStyle(document.activeElement).outlineStyle");
    assertEquals("solid", outline);
    press("/");
    assertEquals("search", focused());
    press("jk");
    assertEquals("jk", find("#search").getDomProperty("value"));
    press(Keys.ESCAPE);
    assertEquals("", find("#search").getDomProperty("value"));
    find("[data-filter=refuted]").sendKeys(Keys.SPACE);
    script("scrollTo(0, 0)");
    press("j");
    assertEquals(ids(Verdict.REFUTED).get(0), focused());
    press("j");
    assertEquals(ids(Verdict.REFUTED).get(1), focused());
  }

  @Test
  void everyControlHasAName() {
    assertEquals(List.of(), script("return Array.from(document.querySelectorAll('button, a, input, [role=img]')).filter(e => "
        + "!(e.textContent.trim() || e.getAttribute('aria-label') || (e.id && document.querySelector('label[for=' + e.id + ']')))) "
        + ".map(e => e.outerHTML)"));
    assertEquals(1L, count("h1"));
    assertEquals(1L, count("main"));
  }

  @Test
  void lightAndDarkFollowTheSystemUntilChosenAndAreRemembered() {
    String light = background();
    prefer("dark");
    String dark = background();
    assertNotEquals(light, dark);
    assertEquals("true", find("#theme").getDomAttribute("aria-pressed"));
    find("#theme").click();
    assertEquals(light, background());
    load("index.html");
    assertEquals(light, background());
    press("t");
    assertEquals(dark, background());
    prefer("light");
    load("index.html");
    assertEquals(dark, background());
  }

  @Test
  void thePageNeverScrollsSideways() {
    for (String page : List.of("index.html", "hostile.html")) {
      load(page);
      for (int width : WIDTHS) {
        resize(width);
        for (boolean open : new boolean[] {false, true}) {
          script("document.querySelectorAll('main details').forEach(d => { d.open = arguments[0]; })", open);
          assertEquals(0L, script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"),
              page + " at " + width + ", all open: " + open);
        }
      }
    }
    resize(400);
    load("index.html");
    assertTrue(count(".tex[tabindex='0'][data-more]") > 0, "no wide formula scrolls in its own box");
  }

  @Test
  void figuresAreDrawn() {
    assertTrue(count(".slack .plot") > 20);
    assertEquals(count(".plot"), count(".plot > svg"));
    assertEquals(0, count(".plot [d*=NaN], .plot [x=NaN], .plot [cx=NaN], .plot [width=NaN], .plot [height=NaN]"));
    assertEquals(200L, script("return Array.from(document.querySelectorAll('#lemma-4\\\\.4 circle')).filter(c => "
        + "c.cx.baseVal.value > 50 && c.cx.baseVal.value < c.ownerSVGElement.viewBox.baseVal.width && c.cy.baseVal.value > 10).length"));
    assertEquals(2, count("#def-b\\.3 path.line"));
    assertEquals(25 + 25 + 256, count("#def-3\\.2 .pixel"));
    String light = (String) script("return getComputedStyle(document.querySelector('circle')).fill");
    press("t");
    assertNotEquals(light, script("return getComputedStyle(document.querySelector('circle')).fill"));
    resize(400);
    waitFor("Array.from(document.querySelectorAll('article > .figure svg')).every(s => s.getBoundingClientRect().width <= 400)");
  }

  @Test
  void hostileTextDoesNothing() {
    browser.manage().logs().get(LogType.BROWSER);
    load("hostile.html");
    assertEquals(null, script("return window.hacked"));
    assertEquals(0, count("img, article script, a[href^='javascript:'], [onclick], [onerror]"));
    assertTrue(find("#thm-5\\.6 h3").getText().contains(Samples.HOSTILE));
    find("#search").sendKeys("window.hacked");
    assertEquals(2, shown().size());
    press(Keys.ESCAPE);
    find("[data-filter=broken]").click();
    assertEquals(List.of("thm-5.6"), shown());
    assertEquals(List.of(), browser.manage().logs().get(LogType.BROWSER).getAll().stream().map(Object::toString).toList());
  }

  @Test
  void copyTakesTheReplayCommand() {
    script("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");
    WebElement button = find("#def-3\\.1 .copy");
    button.click();
    waitFor("document.querySelector('#def-3\\\\.1 .copy').textContent === 'Copied'");
    assertEquals("./plumbline audit --only def-3.1 --seed 20250206 --cases 3 --max-bits 4096", script("return window.copied"));
  }

  @Test
  void paperShowsAllOfItAndNoControls() {
    assertTrue(count("main details:not([open])") > 0);
    script("dispatchEvent(new Event('beforeprint'))");
    assertEquals(0, count("main details:not([open])"));
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
    assertFalse(find(".contents").isDisplayed());
    assertFalse(find(".copy").isDisplayed());
    assertEquals("rgb(255, 255, 255)", background());
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    script("dispatchEvent(new Event('afterprint'))");
    assertTrue(count("main details:not([open])") > 0);
  }
}
