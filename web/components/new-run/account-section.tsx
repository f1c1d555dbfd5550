import type { BacktestSpecInput } from '#shared/spec.ts';
import { Field } from '@/components/field.tsx';
import { faultAt } from '@/components/spec/faults.ts';
import { NumberField } from './number-field.tsx';
import type { Change, Draft } from './draft.ts';

type Account = NonNullable<BacktestSpecInput['account']>;
interface Props {
  draft: Draft;
  change: Change;
  faults: readonly { path: string; message: string }[];
}
const FILLS: Record<NonNullable<Account['fill']>, string> = {
  'next-open': 'at the next open',
  'same-close': 'at the close decided on',
  'next-close': 'at the next close',
};

/** Money, costs and fills. */
export function AccountSection({ draft, change, faults }: Props) {
  const account = draft.account ?? {};
  const set = (next: Partial<Account>): void => change((now) => ({ ...now, account: { ...now.account, ...next } }));
  return (
    <section>
      <h2 className="mb-2">Account and costs</h2>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3">
        <NumberField
          label="Cash"
          value={account.cash ?? 100_000}
          min={1}
          error={faultAt(faults, 'account.cash')}
          onChange={(cash) => set({ cash })}
        />
        <NumberField
          label="Fee, % of the money"
          value={(account.fees?.relative ?? 0) * 100}
          min={0}
          step={0.01}
          error={faultAt(faults, 'account.fees')}
          onChange={(percent) => set({ fees: { ...account.fees, relative: fraction(percent) } })}
        />
        <NumberField
          label="Fee a fill"
          value={account.fees?.fixed ?? 0}
          min={0}
          step={0.01}
          onChange={(fixed) => set({ fees: { ...account.fees, fixed } })}
        />
        <NumberField
          label="Slippage, % of the price"
          value={(account.slippage?.relative ?? 0) * 100}
          min={0}
          step={0.01}
          error={faultAt(faults, 'account.slippage')}
          onChange={(percent) => set({ slippage: { ...account.slippage, relative: fraction(percent) } })}
        />
        <NumberField
          label="Leverage"
          value={account.leverage ?? 1}
          min={1}
          step={0.5}
          error={faultAt(faults, 'account.leverage')}
          onChange={(leverage) => set({ leverage })}
        />
        <Field label="Orders fill" error={faultAt(faults, 'account.fill')}>
          {(bound) => (
            <select
              {...bound}
              className="field"
              value={account.fill ?? 'next-open'}
              onChange={(event) => set({ fill: event.target.value as keyof typeof FILLS })}
            >
              {Object.entries(FILLS).map(([name, words]) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p className="mt-1 text-xs text-muted">Filling at the close that was decided on is a price that nobody could have had for sure.</p>
    </section>
  );
}

/** 0.1 % is 0.001, not 0.0010000000000000000208. */
function fraction(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}
