import { Change, Profit } from '@/components/figure.tsx';
import { Icon } from '@/components/icon.tsx';
import { formatBarTime, formatCount, formatMoney, formatPrice } from '@/lib/format.ts';
import { EXITS, type Trade } from './use-trades.ts';

/** One trade in words: why it was entered and left, and what it brought. */
export function TradeNote({ trade, daily, onClose }: { trade: Trade; daily: boolean; onClose: () => void }) {
  const { number, symbol, side, size, entryTime, entryPrice, exitTime, exitPrice, pnl, fees, bars, mae, mfe, entryTag, exitReason } = trade;
  return (
    <aside aria-label={`Trade ${number}`} className="mt-2 flex items-start gap-4 rounded-md border border-line bg-raised p-3">
      <div className="grid flex-1 grid-cols-1 gap-x-8 gap-y-1 sm:grid-cols-2 lg:grid-cols-4">
        <p>
          <strong>Trade {number}</strong>
          <br />
          {side} {symbol}, {formatPrice(Math.abs(size))} units
        </p>
        <p>
          <span className="text-muted">Entered</span> {formatBarTime(entryTime, daily)} at {formatPrice(entryPrice)}
          <br />
          {entryTag === null ? 'by the signal of the strategy' : `by ${entryTag}`}
        </p>
        <p>
          <span className="text-muted">Left</span> {formatBarTime(exitTime, daily)} at {formatPrice(exitPrice)}
          <br />
          {EXITS[exitReason]}, after {formatCount(bars)} bars
        </p>
        <p>
          <Profit value={pnl} /> (<Change value={trade.return} />
          ), fees {formatMoney(fees)}
          <br />
          <span className="text-muted">worst</span> <Change value={mae} /> <span className="text-muted">best</span> <Change value={mfe} />
        </p>
      </div>
      <button type="button" aria-label="Close" className="text-muted" onClick={onClose}>
        <Icon name="close" />
      </button>
    </aside>
  );
}
