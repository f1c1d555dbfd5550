import type { CountedTrial, LedgerPage, LedgerSums, TrialLedger } from './ledger.ts';
import { symbolsColumn, toLedgerSums, type LedgerRow } from './ledger-sums.ts';
import type { Connection } from './sqlite-connection.ts';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about how much was tried. */
export function ledgerIntents(connection: Connection, { read, write }: Transactions): TrialLedger {
  return {
    countTrials: (page, trials) => write(() => countTrials(connection, page, trials)),
    ledgerOf: (page) => read(() => ledgerOf(connection, page)),
  };
}

const OPEN_PAGE = `INSERT OR IGNORE INTO ledger (owner, strategy, source, symbols, trials, ratios, sum, squares)
  VALUES (:owner, :strategy, :source, :symbols, 0, 0, 0, 0)`;
const PAGE = 'SELECT * FROM ledger WHERE owner = ? AND strategy = ? AND source = ? AND symbols = ?';
const ADD = `UPDATE ledger SET trials = trials + :trials, ratios = ratios + :ratios, sum = sum + :sum, squares = squares + :squares
  WHERE id = :id`;

/** To be called in a transaction. */
function countTrials(connection: Connection, page: LedgerPage, trials: readonly CountedTrial[]): void {
  connection.run(OPEN_PAGE, { ...page, symbols: symbolsColumn(page) });
  const id = Number(find(connection, page)!['id']);
  const added = { trials: 0, ratios: 0, sum: 0, squares: 0 };
  for (const { name, sharpe } of trials) {
    if (connection.run('INSERT OR IGNORE INTO ledger_trials (ledger_id, name) VALUES (:id, :name)', { id, name }) === 0) continue;
    added.trials += 1;
    if (sharpe === null) continue;
    added.ratios += 1;
    added.sum += sharpe;
    added.squares += sharpe * sharpe;
  }
  connection.run(ADD, { id, ...added });
}

function ledgerOf(connection: Connection, page: LedgerPage): LedgerSums {
  // The columns are the members.
  return toLedgerSums((find(connection, page) ?? null) as unknown as LedgerRow | null);
}

function find(connection: Connection, page: LedgerPage) {
  return connection.one(PAGE, page.owner, page.strategy, page.source, symbolsColumn(page));
}
