import type { Bars } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { refuseForgotten, streamedPart } from '../indicators/streamed-columns.ts';
import type { LotView, SymbolView } from '../trader.ts';
import type { Desk } from './desk.ts';
import { isMember } from './membership.ts';
import { unitsOf } from './valuation.ts';

/** A class, so that the bar-by-bar reads of every symbol share one compiled method. */
export class DeskSymbol implements SymbolView {
  readonly name: string;
  readonly index: number;
  readonly tradable: boolean;
  readonly #desk: Desk;
  readonly #bars: Bars;
  /** Of all symbols. */
  readonly #rows: Int32Array;
  /** First row that is in memory. */
  readonly #kept: number;

  constructor(desk: Desk, index: number) {
    this.#bars = desk.market.bars[index]!;
    this.#rows = desk.market.rows;
    this.name = this.#bars.symbol;
    this.index = index;
    this.tradable = desk.market.instruments[index]!.tradable;
    this.#desk = desk;
    this.#kept = streamedPart(this.#bars.ts)?.kept ?? 0;
  }

  get row(): number {
    return this.#rows[this.index]!;
  }

  get trading(): boolean {
    return this.#desk.market.trades[this.index] === 1;
  }

  get member(): boolean {
    return isMember(this.#desk, this.index, this.#desk.market.times[this.#desk.bar]!);
  }

  get position(): number {
    return unitsOf(this.#desk, this.index);
  }

  get lots(): readonly LotView[] {
    const { lots, tags } = this.#desk.holdings;
    return lots[this.index]!.map(({ id, order, units, entryBar, entryPrice, stopLoss, takeProfit, tag }) => {
      return { id, order, size: units, entryBar, entryPrice, stopLoss, takeProfit, tag: tags[tag]! };
    });
  }

  open(ago = 0): number {
    return this.#back(this.#bars.open, ago);
  }

  high(ago = 0): number {
    return this.#back(this.#bars.high, ago);
  }

  low(ago = 0): number {
    return this.#back(this.#bars.low, ago);
  }

  close(ago = 0): number {
    return this.#back(this.#bars.close, ago);
  }

  volume(ago = 0): number {
    return this.#back(this.#bars.volume, ago);
  }

  extra(name: string, ago = 0): number {
    const column = this.#bars.extra?.[name];
    if (column === undefined) throw this.#unknownColumn(name);
    return this.#back(column, ago);
  }

  /** NaN before the first bar, and for a bar that is still to come. */
  #back(column: Float64Array, ago: number): number {
    const last = this.row;
    const row = last - ago;
    // What is used is what is checked: `ago` may be an object that is another number each time.
    if (!(row <= last)) return Number.NaN; // not the global one: a choice between a number and that costs V8 an allocation
    if (row < this.#kept) refuseForgotten(row, ago);
    return column[row] ?? Number.NaN;
  }

  #unknownColumn(name: string): HoldfastError {
    const known = Object.keys(this.#bars.extra ?? {});
    const hint = known.length === 0 ? 'has only prices and volume' : `has also ${known.join(', ')}`;
    return new HoldfastError('strategy_failed', `The strategy asked for a column "${name}" of ${this.name}, which ${hint}.`);
  }
}
