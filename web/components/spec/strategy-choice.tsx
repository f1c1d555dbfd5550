'use client';
import type { RulesInput } from '#shared/rules.ts';
import type { ParamSpec, Params, StrategyInfo } from '#shared/strategy.ts';
import { Field } from '@/components/field.tsx';
import { useApi } from '@/lib/use-api.ts';
import { BoundChoice, BoundNumber, type Bound } from './bound.tsx';
import { faultAt } from './faults.ts';
import { FIRST_RULES } from './first-rules.ts';
import { RulesFields } from './rules-fields.tsx';

interface Props extends Bound {
  at: '' | 'spec.';
  /** Another strategy has other parameters: whatever depends on them begins anew. */
  onChoose: (strategy: { name: string } | { rules: RulesInput }) => void;
}

/** Which strategy is run: one that has a name, or rules, whose editor is below. */
export function StrategyChoice({ draft, faults, at, onChoose }: Props) {
  const { data } = useApi<{ items: StrategyInfo[] }>('/v1/strategies');
  const given = draft.at(`${at}strategy.name`);
  const name = typeof given === 'string' ? given : '';
  const hasRules = draft.at(`${at}strategy.rules`) !== undefined;
  const description = data?.items.find((each) => each.name === name)?.description;
  const options = data?.items.filter(({ error }) => error === null) ?? [{ name, title: name }];
  return (
    <div className={hasRules ? 'col-span-full' : 'lg:col-span-2'}>
      <Field
        label="Strategy"
        hint={description ?? ' '}
        error={faultAt(faults, `${at}strategy.name`) ?? faultAt(faults, `${at}strategy.rules`)}
      >
        {(bound) => (
          <select
            {...bound}
            className="field"
            value={hasRules ? 'rules' : name}
            onChange={({ target: { value } }) => onChoose(value === 'rules' ? { rules: FIRST_RULES } : { name: value })}
          >
            <option value="rules">Rules of my own</option>
            {options.map((each) => (
              <option key={each.name} value={each.name}>
                {each.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {hasRules && (
        <div className="mt-3">
          <RulesFields
            strategy={draft.at(`${at}strategy`) as { rules: RulesInput; params?: Params }}
            onChange={(rules) => draft.change(`${at}strategy.rules`, rules)}
          />
        </div>
      )}
    </div>
  );
}

/** A value for each parameter of the strategy. */
export function ParamFields({ at, ...bound }: Bound & { at: '' | 'spec.' }) {
  const { data } = useApi<{ items: StrategyInfo[] }>('/v1/strategies');
  const name = bound.draft.at(`${at}strategy.name`);
  const params: Record<string, ParamSpec> = data?.items.find((each) => each.name === name)?.params ?? {};
  return Object.entries(params).map(([param, spec]) => {
    const common = { ...bound, path: `${at}strategy.params.${param}`, label: param, hint: spec.description };
    if (spec.type !== 'choice') return <BoundNumber key={param} {...common} placeholder={String(spec.default)} />;
    return (
      <BoundChoice
        key={param}
        {...common}
        otherwise={spec.default}
        words={Object.fromEntries(spec.values.map((value) => [value, value]))}
      />
    );
  });
}
