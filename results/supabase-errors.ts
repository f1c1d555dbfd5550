import { HoldfastError } from '../shared/errors.ts';

/** What a call came back with. `code` is of PostgreSQL (five characters), of PostgREST (`PGRST…`), or empty when nobody answered. */
export interface Failure {
  status: number;
  code: string;
  message: string;
}

/** Classes of https://www.postgresql.org/docs/17/errcodes-appendix.html: connections, conflicts between transactions, resources, an operator, the system. */
const UNAVAILABLE_CLASSES = /^(08|40|53|57|58)/;
/** https://docs.postgrest.org/en/v12/references/errors.html: the group of errors about the connection to the database. */
const NO_CONNECTION = /^PGRST00/;
const NOT_ALLOWED = /^(PGRST30|42501)/;
/** Functions, tables or columns that are not there. */
const NO_SCHEMA = /^(PGRST20|42883|42P01|42703)/;
const READ_ONLY = '25006';
/** U+0000 and halves of surrogate pairs, which PostgreSQL has no place for. */
const BAD_TEXT = /^(22021|22P05)$/;

/** The error of the table for a failed call, with what to do; a mistake in a statement stays what it is. */
export function toStoreError(intent: string, failure: Failure): Error {
  const { code, message } = failure;
  if (BAD_TEXT.test(code))
    return new HoldfastError('invalid_request', 'A text holds a character that cannot be stored: leave out U+0000 and lone surrogates.');
  const remedy = remedyFor(failure);
  const told = `${message} (${[code, failure.status].filter(Boolean).join(', ') || 'no answer'})`;
  if (remedy === null) return new Error(`The row store refused ${intent}: ${told}`);
  return new HoldfastError('store_unavailable', `The row store does not answer: ${remedy}.`, { cause: new Error(`${intent}: ${told}`) });
}

/** Whether the same call may succeed a moment later: a connection was lost, or two transactions were in each other's way. */
export function isPassing(failure: Failure): boolean {
  const { code } = failure;
  return /^(08|40|57P)/.test(code) || NO_CONNECTION.test(code) || isUnanswered(failure);
}

/** By nobody, by a gateway, or by PostgREST about a connection that broke under the statement: it then answers 400 without a word. */
function isUnanswered({ status, code, message }: Failure): boolean {
  return code === '' && (status === 0 || status >= 502 || message === '');
}

function remedyFor(failure: Failure): string | null {
  const { status, code } = failure;
  if (code === READ_ONLY) return 'its database is read-only. Look for a full disk or a fail-over; what waits is tried again';
  if (NO_SCHEMA.test(code)) return 'its schema is not that of this program. Apply supabase/migrations (supabase db push)';
  if (NOT_ALLOWED.test(code) || status === 401) return 'it does not take the key. Check SUPABASE_SECRET_KEY';
  if (UNAVAILABLE_CLASSES.test(code) || NO_CONNECTION.test(code)) return 'its database cannot be used now. What waits is tried again';
  if (isUnanswered(failure)) return 'nobody answers at SUPABASE_URL. Check the address, the network and the project';
  return null;
}
