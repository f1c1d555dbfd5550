'use client';
import { useState } from 'react';
import type { SourceInfo, SymbolInfo } from '#shared/dataset.ts';
import type { DataSpec } from '#shared/spec.ts';
import { Field } from '@/components/field.tsx';
import { formatCount, formatDay } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';
import type { Change, Draft } from './draft.ts';
import { NumberField } from './number-field.tsx';
import { UploadDialog } from '@/components/upload-dialog.tsx';
import { faultAt } from '@/components/spec/faults.ts';

type Data = Draft['data'];
interface Props {
  draft: Draft;
  change: Change;
  faults: readonly { path: string; message: string }[];
}
const TIMEFRAMES = ['1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w'];

/** Which bars: source, symbols with what there is of them, and the part of it. */
export function DataSection({ draft, change, faults }: Props) {
  const { data } = draft;
  const [uploading, setUploading] = useState(false);
  const { data: sources, mutate } = useApi<{ items: SourceInfo[] }>('/v1/datasets');
  const { data: known } = useApi<{ items: SymbolInfo[] }>(
    data.source === 'synthetic' ? null : `/v1/datasets/${encodeURIComponent(data.source)}/symbols`,
  );
  const source = sources?.items.find((each) => each.source === data.source);
  const set = (next: Partial<Data>): void => change((now) => ({ ...now, data: { ...now.data, ...next } }));
  const choose = (name: string): void => change((now) => withSource(now, name));
  const chosen = (known?.items ?? []).filter(({ symbol }) => data.symbols?.includes(symbol));
  const from = chosen
    .map((each) => each.from)
    .filter((day) => day !== null)
    .toSorted()[0];
  const to = chosen
    .map((each) => each.to)
    .filter((day) => day !== null)
    .toSorted()
    .at(-1);
  return (
    <section>
      <div className="mb-2 flex items-center justify-between gap-2">
        <h2>Data</h2>
        <button type="button" className="button" onClick={() => setUploading(true)}>
          Upload bars …
        </button>
      </div>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <Field label="Source" hint={source?.title} error={faultAt(faults, 'data.source')}>
          {(bound) => (
            <select {...bound} className="field" value={data.source} onChange={(event) => choose(event.target.value)}>
              {!sources?.items.some((each) => each.source === data.source) && <option>{data.source}</option>}
              {sources?.items.map((each) => (
                <option key={each.source} value={each.source}>
                  {each.source}
                </option>
              ))}
            </select>
          )}
        </Field>
        <SymbolsField
          symbols={data.symbols ?? []}
          known={known?.items ?? []}
          error={faultAt(faults, 'data.symbols')}
          onChange={(symbols) => set({ symbols })}
        />
        <Field label="Timeframe" error={faultAt(faults, 'data.timeframe')}>
          {(bound) => (
            <select
              {...bound}
              className="field"
              value={data.timeframe ?? '1d'}
              onChange={(event) => set({ timeframe: event.target.value })}
            >
              {[...new Set([...TIMEFRAMES, data.timeframe ?? '1d'])].map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Compare with" hint="A symbol of the source" error={faultAt(faults, 'benchmark')}>
          {(bound) => (
            <input
              {...bound}
              className="field"
              list="known-symbols"
              value={draft.benchmark ?? ''}
              onChange={({ target: { value } }) =>
                change(({ benchmark: _benchmark, ...rest }) => ({ ...rest, ...(value !== '' && { benchmark: value }) }))
              }
            />
          )}
        </Field>
        <RangeFields data={data} faults={faults} from={from} to={to} set={set} change={change} />
      </div>
      <Coverage chosen={chosen} />
      <KnownSymbols known={known?.items ?? []} />
      {uploading && (
        <UploadDialog
          onClose={() => setUploading(false)}
          onDone={(name) => {
            void mutate();
            choose(name);
          }}
        />
      )}
    </section>
  );
}

interface RangeProps extends Omit<Props, 'draft'> {
  data: Data;
  from: string | undefined;
  to: string | undefined;
  set: (next: Partial<Data>) => void;
}

/** Which part of the data, or how many bars are to be made. */
function RangeFields({ data, faults, from, to, set, change }: RangeProps) {
  if (data.synthetic)
    return (
      <NumberField
        label="Bars"
        value={data.synthetic.bars}
        min={1}
        step={1}
        error={faultAt(faults, 'data.synthetic')}
        onChange={(bars) => set({ synthetic: { ...data.synthetic, bars: Math.round(bars) } as NonNullable<DataSpec['synthetic']> })}
      />
    );
  const setDay = (name: 'from' | 'to') => (day: string) => change((now) => ({ ...now, data: withDay(now.data, name, day) }));
  return (
    <>
      <DayField label="From" value={data.from} min={from} max={to} error={faultAt(faults, 'data.from')} onChange={setDay('from')} />
      <DayField label="To (inclusive)" value={data.to} min={from} max={to} error={faultAt(faults, 'data.to')} onChange={setDay('to')} />
    </>
  );
}

function KnownSymbols({ known }: { known: readonly SymbolInfo[] }) {
  return (
    <datalist id="known-symbols">
      {known.slice(0, 500).map(({ symbol }) => (
        <option key={symbol} value={symbol} />
      ))}
    </datalist>
  );
}

function Coverage({ chosen }: { chosen: readonly SymbolInfo[] }) {
  return (
    <ul className="mt-2 space-y-0.5 text-xs text-muted" aria-label="Coverage">
      {chosen.slice(0, 6).map((each) => (
        <li key={each.symbol}>
          {each.symbol}: {formatDay(each.from)} to {formatDay(each.to)}, {formatCount(each.bars)} bars of {each.timeframe}
        </li>
      ))}
    </ul>
  );
}

/** Another source has other symbols; all else stays. */
function withSource({ benchmark: _benchmark, ...draft }: Draft, name: string): Draft {
  const { synthetic: _synthetic, ...data } = draft.data;
  const own = name === 'synthetic' ? { symbols: ['SYN'], synthetic: { bars: 100_000 } } : { symbols: [] };
  return { ...draft, data: { ...data, source: name, ...own } };
}

function withDay(data: Data, name: 'from' | 'to', day: string): Data {
  const { [name]: _before, ...rest } = data;
  return day === '' ? rest : { ...rest, [name]: day };
}

function SymbolsField({
  symbols,
  known,
  error,
  onChange,
}: {
  symbols: readonly string[];
  known: readonly SymbolInfo[];
  error: string | undefined;
  onChange: (symbols: string[]) => void;
}) {
  const text = symbols.join(', ');
  const take = (typed: string): void =>
    onChange([
      ...new Set(
        typed
          .split(/[\s,]+/)
          .map((each) => each.trim())
          .filter(Boolean),
      ),
    ]);
  const hint =
    known.length === 0
      ? 'Separated by commas'
      : `${formatCount(known.length)} there are: ${known
          .slice(0, 4)
          .map(({ symbol }) => symbol)
          .join(', ')}${known.length > 4 ? ' …' : ''}`;
  return (
    <Field label="Symbols" hint={hint} error={error}>
      {(bound) => (
        <input
          {...bound}
          key={text}
          className="field"
          list="known-symbols"
          defaultValue={text}
          onBlur={(event) => take(event.target.value)}
        />
      )}
    </Field>
  );
}

function DayField({
  label,
  value,
  min,
  max,
  error,
  onChange,
}: {
  label: string;
  value: string | undefined;
  min: string | undefined;
  max: string | undefined;
  error: string | undefined;
  onChange: (day: string) => void;
}) {
  return (
    <Field label={label} error={error} hint="Empty: all there is">
      {(bound) => (
        <input
          {...bound}
          type="date"
          className="field"
          value={value?.slice(0, 10) ?? ''}
          min={min}
          max={max}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
