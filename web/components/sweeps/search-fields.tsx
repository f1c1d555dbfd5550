'use client';
import { METRICS, type MetricName } from '#shared/metric-list.ts';
import { Field } from '@/components/field.tsx';
import { BoundChoice, BoundNumber, BoundSwitch, type Bound } from '@/components/spec/bound.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { Part } from '@/components/spec/part.tsx';

/** Paths that these fields show faults at. */
export const SEARCH_PATHS = [
  'where',
  'search',
  'objective.metric',
  'objective.direction',
  'figures',
  'validation',
  'budget.trials',
  'budget.cpuSeconds',
  'priority',
] as const;

const SEARCHES = {
  grid: { text: 'Every point of the grid', start: { kind: 'grid' } },
  random: { text: 'Points at random', start: { kind: 'random', trials: 500 } },
  tpe: { text: 'What is likely to be good (TPE)', start: { kind: 'tpe', trials: 500 } },
} as const;
const VALIDATIONS = {
  none: { text: 'Not on other bars', start: { kind: 'none' } },
  holdout: { text: 'The last bars are held out', start: { kind: 'holdout', share: 0.3 } },
  'walk-forward': { text: 'Walk forward', start: { kind: 'walk-forward', folds: 5 } },
  cscv: { text: 'All halves against each other (CSCV)', start: { kind: 'cscv', blocks: 16 } },
} as const;
const DIRECTIONS = { max: 'the most', min: 'the least' };
const PRIORITIES = ['1, first', '2', '3', '4, as sweeps have it', '5, last'];

/** How it searches, for what, how the choice is judged, and when it stops. */
export function SearchFields(bound: Bound) {
  const { draft, faults } = bound;
  const metric = draft.at('objective.metric');
  const search = kindOf(draft.at('search.kind'), SEARCHES, 'grid');
  const validation = kindOf(draft.at('validation.kind'), VALIDATIONS, 'none');
  return (
    <>
      <Part title="Search">
        <KindChoice {...bound} path="search" label="It tries" kinds={SEARCHES} kind={search} />
        <BoundNumber {...bound} path="search.trials" label="Trials" placeholder={search === 'grid' ? 'all' : ''} step="1" />
        <Field
          label="Looks for"
          hint="A figure, or a formula of figures: sharpe - 0.1 * volatility"
          error={faultAt(faults, 'objective.metric')}
        >
          {(field) => (
            <>
              <input
                {...field}
                className="field font-mono"
                list="metrics"
                spellCheck={false}
                placeholder="sharpe"
                value={typeof metric === 'string' ? metric : ''}
                onChange={(event) => draft.change('objective.metric', event.target.value === '' ? undefined : event.target.value)}
              />
              <datalist id="metrics">
                {(Object.keys(METRICS) as MetricName[]).map((name) => (
                  <option key={name} value={name}>
                    {METRICS[name].title}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
        <BoundChoice {...bound} path="objective.direction" label="of it" otherwise="max" words={DIRECTIONS} />
      </Part>
      <Part title="Is it luck?">
        <KindChoice {...bound} path="validation" label="The best is judged" kinds={VALIDATIONS} kind={validation} />
        {validation === 'holdout' && <BoundNumber {...bound} path="validation.share" label="Share held out" placeholder="0.3" />}
        {validation === 'walk-forward' && (
          <>
            <BoundNumber {...bound} path="validation.folds" label="Tests" placeholder="5" step="1" />
            <BoundNumber {...bound} path="validation.trainTests" label="First training, in tests" placeholder="3" />
            <BoundSwitch draft={draft} path="validation.anchored" label="Training always begins at the first bar" />
          </>
        )}
        {(validation === 'walk-forward' || validation === 'holdout') && (
          <>
            <BoundNumber {...bound} path="validation.purge" label="Bars left out before a test" placeholder="0" step="1" />
            <BoundNumber {...bound} path="validation.embargo" label="Bars left out in its beginning" placeholder="0" step="1" />
          </>
        )}
        {validation === 'cscv' && <BoundNumber {...bound} path="validation.blocks" label="Blocks of time" placeholder="16" step="2" />}
      </Part>
      <Part title="Budget">
        <BoundNumber {...bound} path="budget.trials" label="Trials at most" placeholder="no limit" step="1" />
        <BoundNumber {...bound} path="budget.cpuSeconds" label="Computing time at most" placeholder="no limit" hint="Seconds" />
        <Field label="Priority" error={faultAt(faults, 'priority')}>
          {(field) => (
            <select
              {...field}
              className="field"
              value={Number(draft.at('priority') ?? 4)}
              onChange={(event) => draft.change('priority', Number(event.target.value))}
            >
              {PRIORITIES.map((text, index) => (
                <option key={text} value={index + 1}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
      </Part>
    </>
  );
}

function kindOf<Kind extends string>(kind: unknown, kinds: Readonly<Record<Kind, unknown>>, otherwise: NoInfer<Kind>): Kind {
  return typeof kind === 'string' && kind in kinds ? (kind as Kind) : otherwise;
}

interface KindProps extends Bound {
  path: string;
  label: string;
  kinds: Readonly<Record<string, { text: string; start: object }>>;
  kind: string;
}

/** Of each kind other fields are asked for. */
function KindChoice({ draft, faults, path, label, kinds, kind }: KindProps) {
  return (
    <Field
      label={label}
      error={faultAt(
        faults.filter((fault) => fault.path === path || fault.path === `${path}.kind`),
        path,
      )}
    >
      {(field) => (
        <select {...field} className="field" value={kind} onChange={(event) => draft.change(path, kinds[event.target.value]!.start)}>
          {Object.entries(kinds).map(([name, { text }]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
