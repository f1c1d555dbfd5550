'use client';
import { chooseTheme, themeChoice, type ThemeChoice } from '@/lib/theme.ts';
import { useStore } from '@/lib/store.ts';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';

const CHOICES: Record<ThemeChoice, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };

export function ThemeMenu() {
  const now = useStore(themeChoice);
  const items = Object.entries(CHOICES).map(([choice, text]) => ({
    text: choice === now ? `${text} ✓` : text,
    onSelect: () => chooseTheme(choice as ThemeChoice),
  }));
  return (
    <Menu label="Theme" items={items} className="button border-transparent px-2">
      <Icon name="sun" />
    </Menu>
  );
}
