import { formatChange, formatMoney, NOTHING } from '@/lib/format.ts';

const colourOf = (value: number | null | undefined): string => (!value ? '' : value > 0 ? 'text-gain' : 'text-loss');

/** A return with its sign and its colour. */
export function Change({ value }: { value: number | null | undefined }) {
  return <span className={colourOf(value)}>{formatChange(value)}</span>;
}

/** Money that was won or lost. */
export function Profit({ value }: { value: number | null | undefined }) {
  const text = value === null || value === undefined ? NOTHING : formatMoney(value);
  return <span className={colourOf(value)}>{value !== null && value !== undefined && value > 0 ? `+${text}` : text}</span>;
}
