import { Readable } from 'node:stream';
import { ZipFile, type ReadStreamOptions } from 'yazl';
import type { FullRunRow } from '../results/runs.ts';
import { dataQualityTexts, lookAheadText } from '../shared/figure-text.ts';
import type { StoredResult } from '../shared/run.ts';
import { parquetStream } from './parquet-stream.ts';
import { csvStream, type Table } from './stream-table.ts';

/** A series of a bundle; its table is made when its turn has come, and let go after it. */
export interface BundledSeries {
  /** Of its two files, without their endings. */
  name: string;
  about: string;
  load: () => Promise<Table>;
}

/** A text of a bundle. */
export interface BundledText {
  name: string;
  about: string;
  text: string;
}

export interface BundleParts {
  run: FullRunRow;
  result: StoredResult;
  texts: readonly BundledText[];
  series: readonly BundledSeries[];
}

/** A zip of all that a run left, each series as CSV and as Parquet, with a README that names each file. The same run gives the same bytes. */
export function bundleStream({ run, result, texts, series }: BundleParts): NodeJS.ReadableStream {
  const zip = new ZipFile();
  const mtime = new Date(run.finishedAt ?? run.createdAt);
  const folder = `holdfast-${run.id}`;
  const all = [{ name: 'README.md', about: '', text: readme({ run, result, texts, series }) }, ...texts];
  for (const { name, text } of all) zip.addBuffer(Buffer.from(text), `${folder}/${name}`, { mtime });
  for (const each of series) addSeries(zip, `${folder}/${each.name}`, { load: twice(each.load), mtime });
  zip.end();
  // Whoever reads the zip hears of an error in one of its parts, and of its own going away each part.
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error));
  return zip.outputStream;
}

function addSeries(zip: ZipFile, name: string, { load, mtime }: { load: () => Promise<Table>; mtime: Date }): void {
  const add = (ending: string, stream: (table: Table) => Readable, options: Partial<ReadStreamOptions>) =>
    zip.addReadStreamLazy(`${name}.${ending}`, { mtime, ...options }, (done) => {
      load().then(
        (table) => done(null, stream(table)),
        (error: unknown) => done(error, Readable.from([])),
      );
    });
  add('csv', csvStream, {});
  // It is compressed already.
  add('parquet', parquetStream, { compress: false });
}

/** The table for the two files of a series, made once. */
function twice(load: () => Promise<Table>): () => Promise<Table> {
  let table: Promise<Table> | null = null;
  return () => {
    const wanted = table ?? load();
    table = table === null ? wanted : null;
    return wanted;
  };
}

function readme({ run, result, texts, series }: BundleParts): string {
  const { partial, verdicts } = result;
  const list = (parts: readonly { name: string; about: string }[], ending: string) =>
    parts.map(({ name, about }) => `- \`${name}${ending}\`: ${about}`).join('\n');
  return `# ${run.name.replaceAll(/\s+/g, ' ')}

Run ${run.id} of Holdfast, ${run.status}${partial ? '. It was stopped before its end: all files hold what it did until then' : ''}.
${[lookAheadText(verdicts), ...dataQualityTexts(verdicts)].join('\n')}

## Files

${list(texts, '')}

Each series is there twice, as CSV (RFC 4180, UTF-8, numbers as the shortest text that reads back as the same value) and as Parquet with types.

${list(series, '.csv, .parquet')}

Times are UTC, returns and ratios fractions (0.12 is 12 %), money is in ${run.spec.account.currency}, sizes are signed (negative is short). A missing number is empty in CSV and NaN in Parquet.
`;
}
