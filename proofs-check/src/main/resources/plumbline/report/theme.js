// Takes the remembered theme, if any, before the page is drawn; otherwise the system's preference stands.
(function () {
  'use strict';
  try {
    const theme = localStorage.getItem('plumbline-theme');
    if (theme === 'light' || theme === 'dark') {
      document.documentElement.dataset.theme = theme;
    }
  } catch (e) {
    // Storage may be forbidden for files; the system's preference stands.
  }
  document.documentElement.classList.add('scripted');
})();
