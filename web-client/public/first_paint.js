// Runs before the first paint, so that no other theme or language flashes by. `ui/state/theme.ts` takes over from here.
(function () {
  var root = document.documentElement;
  var theme = null;
  var language = null;
  try {
    theme = localStorage.getItem('okra.theme');
    language = localStorage.getItem('okra.language');
  } catch {
    // Storage may be forbidden: the system's own choices are good answers then.
  }
  if (theme !== 'light' && theme !== 'dark') theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  if (language !== 'en' && language !== 'zh') language = /^zh/i.test(navigator.language) ? 'zh' : 'en';
  root.dataset.theme = theme;
  root.lang = language === 'zh' ? 'zh-Hans' : 'en';
  var words = document.querySelector('meta[name="okra-words"]'); // absent in development
  if (words) {
    var link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = words.content.split(' ')[language === 'zh' ? 1 : 0];
    document.head.append(link);
  }
})();
