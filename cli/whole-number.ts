import { InvalidArgumentError } from 'commander';

/** Parses the value of an option that counts something. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Write a whole number above 0.');
  return Number(text);
}
