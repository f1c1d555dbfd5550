/** Outlines on a grid of 16, drawn with the colour of the text. */
const PATHS = {
  queued: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 4.5V8l2.25 1.5',
  running: 'M5 3.25 12.5 8 5 12.75z',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
  completed: 'm3 8.5 3.25 3.25L13 5',
  failed: 'M8 1.9 14.6 13.4H1.4zM8 6.25v3.25M8 11.4v.1',
  cancelled: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M3.6 3.6l8.8 8.8',
  close: 'm3.5 3.5 9 9m0-9-9 9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  down: 'm4 6 4 4 4-4',
  up: 'm4 10 4-4 4 4',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.25 10.25 13.5 13.5',
  plus: 'M8 3v10M3 8h10',
  download: 'M8 2.5v7.25M4.75 6.75 8 10l3.25-3.25M2.75 13h10.5',
  external: 'M9.5 2.75h3.75V6.5M13 3 7.5 8.5M11.5 9.5v3.25h-8.5v-8.5h3.25',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  info: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 7.25v3.5M8 5.1v.1',
  offline: 'M2 5.5a9 9 0 0 1 12 0M4.5 8.25a5.5 5.5 0 0 1 7 0M8 11.75v.1M2.5 2l11 12',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16, className = '' }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.5 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
