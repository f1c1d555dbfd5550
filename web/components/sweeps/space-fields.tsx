'use client';
import type { ParamSpec, StrategyInfo } from '#shared/strategy.ts';
import { BoundChoice, BoundList, BoundNumber, BoundSwitch, BoundText, type Bound } from '@/components/spec/bound.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { isPart } from '@/components/spec/change-at.ts';
import { formatParam } from './trial-words.ts';
import { useApi } from '@/lib/use-api.ts';

type Mode = 'fixed' | 'values' | 'range';

/** What is tried of each parameter of the strategy. */
export function SpaceFields(bound: Bound) {
  const { draft, faults } = bound;
  const name = draft.at('strategy.name');
  const { data } = useApi<{ items: StrategyInfo[] }>('/v1/strategies');
  const own = draft.at('strategy.rules.params');
  const params = isPart(own) ? (own as Record<string, ParamSpec>) : (data?.items.find((each) => each.name === name)?.params ?? {});
  const all = Object.entries(params);
  const spaceFault = faults.find(({ path }) => path === 'space' || path === 'strategy.params')?.message;
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">What is tried</legend>
      {all.length === 0 && (
        <p className="text-muted">{data === undefined ? 'The parameters are loading …' : 'This strategy has no parameter to vary.'}</p>
      )}
      <ul>
        {all.map(([param, spec]) => (
          <li key={param} className="border-t border-line py-2">
            <ParamRow {...bound} param={param} spec={spec} />
          </li>
        ))}
      </ul>
      {spaceFault !== undefined && <p className="text-xs text-loss">The space {spaceFault}</p>}
      <BoundText
        {...bound}
        path="where"
        label="Only where"
        mono
        placeholder="fast < slow"
        hint="Condition between parameters; may be empty"
      />
    </fieldset>
  );
}

function ParamRow({ param, spec, ...bound }: Bound & { param: string; spec: ParamSpec }) {
  const { draft, faults } = bound;
  const [inSpace, inParams] = [`space.${param}`, `strategy.params.${param}`];
  const dimension = draft.at(inSpace);
  const mode: Mode = !isPart(dimension) ? 'fixed' : 'values' in dimension ? 'values' : 'range';
  const isNumber = spec.type !== 'choice';
  const choose = (next: Mode): void => {
    const { [param]: _, ...others } = (draft.at('space') as Record<string, unknown> | undefined) ?? {};
    const space = next === 'fixed' ? others : { ...others, [param]: next === 'values' ? { values: fewOf(spec) } : rangeOf(spec) };
    draft.change('space', space);
  };
  const fault =
    mode === 'fixed'
      ? undefined
      : faultAt(
          faults.filter(({ path }) => path === inSpace),
          inSpace,
        );
  return (
    <div className="grid items-start gap-x-3 gap-y-1 sm:grid-cols-[160px_116px_minmax(0,1fr)]">
      <div className="min-w-0 pt-5">
        <code className="font-mono font-semibold">{param}</code>
        {spec.description !== undefined && <p className="text-xs text-muted">{spec.description}</p>}
      </div>
      <label className="flex flex-col gap-0.5">
        <span className="font-medium">Is</span>
        <select className="field" aria-label={`${param} is`} value={mode} onChange={(event) => choose(event.target.value as Mode)}>
          <option value="fixed">one value</option>
          <option value="values">some values</option>
          {isNumber && <option value="range">a range</option>}
        </select>
      </label>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]">
        {mode === 'fixed' &&
          (spec.type !== 'choice' ? (
            <BoundNumber {...bound} path={inParams} label="Value" placeholder={formatParam(spec.default)} />
          ) : (
            <BoundChoice
              {...bound}
              path={inParams}
              label="Value"
              otherwise={spec.default}
              words={Object.fromEntries(spec.values.map((value) => [value, value]))}
            />
          ))}
        {mode === 'values' && (
          <div className="col-span-2 sm:col-span-4">
            <BoundList {...bound} path={`${inSpace}.values`} label="Values" read={isNumber ? readNumber : String} />
          </div>
        )}
        {mode === 'range' && (
          <>
            <BoundNumber {...bound} path={`${inSpace}.min`} label="From" />
            <BoundNumber {...bound} path={`${inSpace}.max`} label="To" />
            <BoundNumber {...bound} path={`${inSpace}.step`} label="Step" placeholder={spec.type === 'integer' ? '1' : 'any'} />
            <div className="pt-5">
              <BoundSwitch draft={draft} path={`${inSpace}.log`} label="logarithmic" />
            </div>
          </>
        )}
        {fault !== undefined && <p className="col-span-full text-xs text-loss">{fault}</p>}
      </div>
    </div>
  );
}

/** What is no number stays as it was written, so that the service can say so. */
function readNumber(text: string): number | string {
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

function fewOf(spec: ParamSpec): (number | string)[] {
  if (spec.type === 'choice') return [...spec.values];
  const around = [0.5, 1, 2].map((factor) => within(spec, spec.default * factor));
  return [...new Set(around)];
}

function rangeOf(spec: ParamSpec): object {
  if (spec.type === 'choice') return { values: spec.values };
  return { min: within(spec, spec.default / 2), max: within(spec, spec.default * 3) };
}

function within({ type, min, max }: Exclude<ParamSpec, { type: 'choice' }>, value: number): number {
  const bounded = Math.min(max, Math.max(min, value));
  return type === 'integer' ? Math.round(bounded) : bounded;
}
