import type { RunInput } from '../../engine/run-simulation.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { BacktestSpec } from '../../shared/spec.ts';

/** What of a run does not depend on its strategy. The dataset holds the traded symbols first; what follows is only compared with. */
export function runInputOf({ data, account }: BacktestSpec, dataset: Dataset): Pick<RunInput, 'bars' | 'account' | 'instruments' | 'zone'> {
  return { bars: dataset.instruments.slice(0, data.symbols.length), account, instruments: data.instruments, zone: dataset.zone };
}
