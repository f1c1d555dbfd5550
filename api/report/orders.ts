import { ORDER_REASONS, ORDER_STATUSES, ORDER_TYPES } from '../../shared/orders.ts';
import type { OrderBlock } from '../../shared/series.ts';
import { html, type Html } from './html.ts';

/** Refused orders that are listed one by one. */
const MOST_LISTED = 15;
const REJECTED = ORDER_STATUSES.indexOf('rejected');

/** What became of the orders: how many by status and reason, and the first of those that were refused. */
export function orderSection(orders: OrderBlock | null, symbols: readonly string[]): Html {
  if (orders === null) return html`<p class="soft">Too many to be counted here; /orders has them.</p>`;
  if (orders.ts.length === 0) return html`<p class="soft">None.</p>`;
  const refused = [...orders.ts.keys()].filter((row) => orders.status[row] === REJECTED);
  const list = html`<h3>${refused.length > MOST_LISTED ? `The first ${MOST_LISTED} of ${refused.length} that were refused` : 'Refused'}</h3>
    ${refusedTable(orders, refused.slice(0, MOST_LISTED), symbols)}`;
  return html`${countTable(orders)} ${refused.length === 0 ? html`` : list}`;
}

function countTable({ status, reason }: OrderBlock): Html {
  const counts = new Map<number, number>();
  const width = ORDER_REASONS.length;
  status.forEach((each, row) => {
    const kind = each * width + reason[row]!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  });
  const rows = [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(
      ([kind, count]) =>
        html`<tr>
          <td>${ORDER_STATUSES[Math.floor(kind / width)]!}</td>
          <td class="text">${reasonText(kind % width)}</td>
          <td>${count.toLocaleString('en')}</td>
        </tr>`,
    );
  return html`<table>
    <thead>
      <tr>
        <th>Event</th>
        <th class="text">Reason</th>
        <th>Number</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function refusedTable(orders: OrderBlock, rows: readonly number[], symbols: readonly string[]): Html {
  const cells = rows.map(
    (row) =>
      html`<tr>
        <td>${new Date(orders.ts[row]!).toISOString().slice(0, 16).replace('T', ' ')}</td>
        <td class="text">${symbols[orders.symbol[row]!] ?? ''}</td>
        <td class="text">${orders.side[row]! < 0 ? 'sell' : 'buy'} ${ORDER_TYPES[orders.type[row]!] ?? ''}</td>
        <td>${figure(orders.size[row]!)}</td>
        <td>${figure(orders.price[row]!)}</td>
        <td class="text">${reasonText(orders.reason[row]!)}</td>
      </tr>`,
  );
  return html`<table>
    <thead>
      <tr>
        <th>Time</th>
        <th class="text">Symbol</th>
        <th class="text">Order</th>
        <th>Size</th>
        <th>Price</th>
        <th class="text">Reason</th>
      </tr>
    </thead>
    <tbody>
      ${cells}
    </tbody>
  </table>`;
}

function reasonText(code: number): string {
  const reason = ORDER_REASONS[code]!;
  return reason === 'none' ? '' : reason.replaceAll('_', ' ');
}

function figure(value: number): string {
  return Number.isNaN(value) ? '–' : value.toLocaleString('en', { maximumFractionDigits: 4 });
}
