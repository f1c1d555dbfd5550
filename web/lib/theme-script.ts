export const THEME_KEY = 'holdfast-theme';

/** Runs before the first paint, so that nothing flashes; the same rule as `applyTheme`. */
export const THEME_SCRIPT = `(function(){var c=null;try{c=localStorage.getItem('${THEME_KEY}')}catch(e){}document.documentElement.dataset.theme=c==='light'||c==='dark'?c:matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'})()`;
