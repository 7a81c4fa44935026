// Before the first paint: theme, language and density, so that nothing flashes. The same reading as lib/prefs.ts.
;(() => {
  const root = document.documentElement
  let kept = {}
  try {
    kept = JSON.parse(localStorage.getItem('andon.prefs') || '{}') || {}
  } catch {}
  const dark = kept.theme === 'dark' || (kept.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.density = kept.density === 'comfortable' ? 'comfortable' : 'compact'
  root.lang =
    kept.language === 'en' || (kept.language !== 'zh-CN' && !/^zh\b/i.test(navigator.language)) ? 'en' : 'zh-CN'
})()
