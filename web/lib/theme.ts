import { createStore } from './store.ts';
import { THEME_KEY as KEY } from './theme-script.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** The theme that is shown. */
export const theme = createStore<'light' | 'dark'>('light');
export const themeChoice = createStore<ThemeChoice>('system');

/** Follows the system until someone chooses. Gives what stops it. */
export function followTheme(): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = localStorage.getItem(KEY);
  themeChoice.set(stored === 'light' || stored === 'dark' ? stored : 'system');
  applyTheme();
  system.addEventListener('change', applyTheme);
  return () => system.removeEventListener('change', applyTheme);
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  themeChoice.set(choice);
  applyTheme();
}

function applyTheme(): void {
  const choice = themeChoice.get();
  const shown = choice !== 'system' ? choice : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset['theme'] = shown;
  theme.set(shown);
}

/** A colour of globals.css as it is now, for what draws by itself. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
