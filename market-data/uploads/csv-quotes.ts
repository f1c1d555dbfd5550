import { createReadStream } from 'node:fs';

const QUOTE = '"'.charCodeAt(0);

/** Whether a quote of a CSV file is never closed. The reader would leave out what comes after it, and say nothing. */
export async function hasOpenQuote(file: string): Promise<boolean> {
  let quotes = 0;
  for await (const part of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = part.indexOf(QUOTE); at !== -1; at = part.indexOf(QUOTE, at + 1)) quotes++;
  }
  return quotes % 2 === 1;
}
