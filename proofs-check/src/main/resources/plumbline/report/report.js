// Formulas, filters, search, keys, theme, copy buttons, printing. The page can be read without any of it.
(function () {
  'use strict';
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const byId = id => document.getElementById(id);
  const statements = all('article.statement');

  // What a search looks at: taken before formulas are set, so that TeX is found, too.
  const texts = new Map(statements.map(s => [s, (s.id + ' ' + s.textContent).toLowerCase().replace(/\s+/g, ' ')]));

  for (const element of all('.tex')) {
    const tex = element.textContent;
    katex.render(tex, element, {displayMode: true, throwOnError: false, trust: false, strict: 'ignore', maxExpand: 1000});
    element.classList.add('set');
  }

  // A formula that is too wide is set a little smaller; if that is not enough, its box scrolls.
  const formulas = all('.tex');
  function fitFormulas(smallest) {
    formulas.forEach(f => f.style.removeProperty('font-size'));
    const sizes = formulas.map(f => {
      const style = getComputedStyle(f);
      const room = f.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const needed = f.firstElementChild ? f.firstElementChild.getBoundingClientRect().width : 0;
      return room > 0 && needed > room + 1 ? Math.max(smallest, Math.floor(99 * room / needed) / 100) : 1;
    });
    formulas.forEach((f, i) => {
      if (sizes[i] < 1) {
        f.style.fontSize = sizes[i] + 'em';
      }
    });
  }

  // A box that scrolls can be reached and scrolled with the keyboard, and fades where more is to come.
  function more(box) {
    box.toggleAttribute('data-more', box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
  }
  const boxes = all('.scroll');
  boxes.forEach(box => box.addEventListener('scroll', () => more(box), {passive: true}));
  function reachable() {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
      } else {
        box.removeAttribute('tabindex');
      }
      more(box);
    }
  }
  all('details').forEach(d => d.addEventListener('toggle', reachable));

  // Filters and search
  const search = byId('search');
  const filters = all('.filter');
  const parts = all('section.part');
  const toc = new Map(all('.toc [data-for]').map(item => [item.dataset.for, item]));

  function narrow() {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
    const pressed = filters.filter(f => f.getAttribute('aria-pressed') === 'true').map(f => f.dataset.filter);
    let shown = 0;
    for (const statement of statements) {
      const fits = (pressed.length === 0 || pressed.includes(statement.dataset.verdict) || pressed.includes(statement.dataset.proof))
          && words.every(word => texts.get(statement).includes(word));
      statement.hidden = !fits;
      toc.get(statement.id).hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const part of parts.concat(all('.toc .part'))) {
      part.hidden = !part.querySelector('article:not([hidden]), [data-for]:not([hidden])');
    }
    byId('none').hidden = shown > 0;
    byId('shown').textContent = words.length + pressed.length === 0 ? ''
        : shown + ' of ' + statements.length + (statements.length === 1 ? ' statement' : ' statements');
  }

  function clear() {
    search.value = '';
    filters.forEach(f => f.setAttribute('aria-pressed', 'false'));
    narrow();
  }

  search.addEventListener('input', narrow);
  filters.forEach(f => f.addEventListener('click', () => {
    f.setAttribute('aria-pressed', f.getAttribute('aria-pressed') === 'true' ? 'false' : 'true');
    narrow();
  }));
  byId('clear').addEventListener('click', () => {
    clear();
    search.focus();
  });
  // A link to a statement that the filters hide shows it.
  function reveal() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const statement = target && target.closest('article.statement');
    if (statement && statement.hidden) {
      clear();
      statement.scrollIntoView();
    }
  }
  addEventListener('hashchange', reveal);

  // Theme
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = byId('theme');
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
  const showTheme = () => theme.setAttribute('aria-pressed', String(isDark()));
  function toggleTheme() {
    const next = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem('plumbline-theme', next);
    } catch (e) {
      // Not remembered where storage is forbidden.
    }
    showTheme();
  }
  theme.addEventListener('click', toggleTheme);
  dark.addEventListener('change', showTheme);
  showTheme();

  // Keys
  function step(direction) {
    const visible = statements.filter(s => !s.hidden);
    const line = 80;
    const next = direction > 0
        ? visible.find(s => s.getBoundingClientRect().top > line)
        : visible.reverse().find(s => s.getBoundingClientRect().top < -1);
    if (next) {
      next.scrollIntoView({behavior: 'instant'});
      next.querySelector('h3').focus({preventScroll: true});
    }
  }
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Escape') {
      clear();
      search.blur();
      return;
    }
    if (event.target.matches('input, textarea, select, [contenteditable]')) {
      return;
    }
    const action = {j: () => step(1), k: () => step(-1), t: toggleTheme, '/': () => search.focus()}[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  });

  // Copy buttons; a page opened from a file may have no clipboard interface.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (e) {
      const area = document.createElement('textarea');
      area.value = text;
      area.style.position = 'fixed';
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  }
  for (const button of all('.copy')) {
    const label = button.innerHTML;
    button.addEventListener('click', async () => {
      await copy(button.dataset.copy);
      button.textContent = 'Copied';
      setTimeout(() => { button.innerHTML = label; }, 1500);
    });
  }

  // The contents mark where the reader is; on a narrow screen they begin folded.
  const contents = document.querySelector('.toc');
  const wide = matchMedia('(min-width: 68rem)');
  const fold = () => { contents.open = wide.matches; };
  wide.addEventListener('change', fold);
  fold();
  const seen = new Set();
  const observer = new IntersectionObserver(entries => {
    entries.forEach(entry => entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target));
    const first = statements.find(s => seen.has(s));
    for (const [id, item] of toc) {
      const link = item.querySelector('a');
      if (!first || first.id !== id) {
        link.removeAttribute('aria-current');
        continue;
      }
      link.setAttribute('aria-current', 'location');
      const box = contents.getBoundingClientRect();
      const place = link.getBoundingClientRect();
      if (wide.matches && (place.top < box.top || place.bottom > box.bottom)) {
        contents.scrollTop += place.top - box.top - box.height / 3;
      }
    }
  }, {rootMargin: '-10% 0px -60% 0px'});
  statements.forEach(s => observer.observe(s));

  // On paper everything is open, and nothing scrolls.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = all('main details:not([open])');
    closed.forEach(d => { d.open = true; });
    document.documentElement.classList.add('printing');
    figures.draw();
    fitFormulas(0.4);
  });
  addEventListener('afterprint', () => {
    closed.forEach(d => { d.open = false; });
    document.documentElement.classList.remove('printing');
    width = 0;
    fit();
  });

  // Figures fit the column.
  let width = 0;
  function fit() {
    const now = byId('top').clientWidth;
    if (now !== width) {
      width = now;
      figures.draw();
      fitFormulas(0.78);
      reachable();
    }
  }
  addEventListener('resize', fit);
  narrow();
  // Sizes can be measured when the fonts are there.
  document.fonts.ready.then(() => {
    fit();
    reveal();
    document.documentElement.dataset.ready = 'true';
  });
})();
