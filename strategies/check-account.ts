import { currencyFaults } from '../engine/instrument.ts';
import type { Fault } from '../shared/errors.ts';
import type { AccountSpec, DataSpec } from '../shared/spec.ts';

/** What the account asks of the instruments and they do not have: bars of a pair to convert money, a step of the price to count slippage in. */
export function checkAccount(account: AccountSpec, { symbols, instruments = {} }: Pick<DataSpec, 'symbols' | 'instruments'>): Fault[] {
  const isWithoutTick = (symbol: string) => instruments[symbol]?.tradable !== false && instruments[symbol]?.tickSize === undefined;
  const ticks = account.slippage.ticks > 0 ? symbols.filter(isWithoutTick) : [];
  return [
    ...currencyFaults(symbols, account, instruments),
    ...ticks.map((symbol) => ({
      path: 'account.slippage.ticks',
      message: `needs data.instruments.${symbol}.tickSize: without it a tick is 0`,
    })),
  ];
}
