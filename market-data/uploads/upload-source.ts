import type { ArtifactStore } from '../../artifacts/store.ts';
import type { SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { UPLOAD_PREFIX, type Upload } from '../../shared/upload.ts';
import { createDatasetStore } from '../dataset-store.ts';
import { refuseUnknown } from '../known-symbols.ts';
import { timeRange } from '../range.ts';
import type { BarSource } from '../source.ts';
import { coverageOver } from '../coverage-over.ts';
import { columnOf, withColumns, type BarBlock } from '../time-chunks.ts';

/** The bars that an owner has uploaded. Prices are as they came: nothing is known of splits or dividends, whatever `adjust` says. */
export function createUploadSource(upload: Upload, artifacts: ArtifactStore): BarSource {
  const name = UPLOAD_PREFIX + upload.name;

  return {
    name,
    version: upload.ref.sha256,
    describe: () => ({
      source: name,
      title: upload.name,
      description: `Uploaded on ${new Date(upload.createdAt).toISOString().slice(0, 10)}`,
      timeframes: [upload.timeframe],
      timeZone: 'UTC',
      coverage: coverageOver(upload.symbols)!,
      columns: upload.symbols[0]?.columns ?? [],
      quality: upload.quality,
    }),
    symbols: async () => upload.symbols.map((info) => withFindings(info, upload)),
    async estimate(spec) {
      refuseUnknown(name, spec, upload.symbols);
      return Math.max(...upload.symbols.filter(({ symbol }) => spec.symbols.includes(symbol)).map(({ bars }) => bars!));
    },
    async *fetch(spec, signal) {
      refuseUnknown(name, spec, upload.symbols);
      const file = await createDatasetStore(artifacts).open(upload.ref);
      const places = spec.symbols.map((symbol) => file.symbols.indexOf(symbol));
      const { start, end } = timeRange(spec);
      let rows = 0;
      for (const [number, { first }] of file.chunks.entries()) {
        signal.throwIfAborted();
        const opens = Math.min(...first.map((time) => time ?? Infinity));
        const next = file.chunks[number + 1]?.first.map((time) => time ?? Infinity) ?? [Infinity];
        if (opens >= end || Math.min(...next) <= start) continue;
        const bars = await file.chunk(number);
        const block = places.map((place) => bars[place]!).map((each) => between(each, start, end));
        rows += block.reduce((sum, { ts }) => sum + ts.length, 0);
        yield block;
      }
      if (rows === 0)
        throw new HoldfastError('no_data', `${spec.symbols.join(', ')}: the source "${name}" has no bars between "from" and "to".`);
    },
  };
}

/** Findings that were too many to be kept cannot be told apart by symbol. */
function withFindings(info: SymbolInfo, { quality, createdAt }: Upload): SymbolInfo {
  if (quality.more > 0) return info;
  const { timeframe, bars } = info;
  const [from, to] = [info.from, info.to].map((day) => day && new Date(day).toISOString());
  const findings = quality.findings.filter(({ symbol }) => symbol === info.symbol);
  const { calendar } = quality;
  const looked = { checkedAt: new Date(createdAt).toISOString(), timeframe, from: from ?? null, to: to ?? null, calendar };
  return { ...info, quality: { ...looked, bars: bars ?? 0, findings } };
}

function between(bars: BarBlock[number], start: number, end: number): BarBlock[number] {
  const rowOf = (time: number): number => {
    const row = bars.ts.findIndex((ts) => ts >= time);
    return row === -1 ? bars.ts.length : row;
  };
  const [from, to] = [rowOf(start), rowOf(end)];
  return withColumns(bars, (column) => columnOf(bars, column).subarray(from, to));
}
