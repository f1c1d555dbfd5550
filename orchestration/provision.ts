import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../shared/names.ts';
import { GRPC, grpcCodeOf } from './grpc-errors.ts';

/** Temporal's numbers for the types of search attributes: temporal/api/enums/v1/common.proto, IndexedValueType. */
const INDEXED_VALUE_TYPES = { Keyword: 2, Double: 4, KeywordList: 7 } as const;
/** What a server does not let a client do. */
const NOT_OURS_TO_DO: readonly number[] = [GRPC.unimplemented, GRPC.permissionDenied];
const DAY_SECONDS = 86_400;

/** The attributes that were missing, and are added now: a database of an earlier version knows fewer, and so does a server of someone else. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !Object.hasOwn(known.customAttributes, name));
  if (missing.length === 0) return [];
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, INDEXED_VALUE_TYPES[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  return missing.map(([name]) => name);
}

export interface ProvisionOptions {
  namespace: string;
  /** For how long ended workflows are kept; null leaves what is set. */
  retentionDays: number | null;
}

/** Makes the namespace as the service needs it, and says what was changed, a line each. Repeating it changes nothing. */
export async function provisionNamespace(connection: Connection, options: ProvisionOptions): Promise<string[]> {
  const { namespace } = options;
  const changes = await ensureNamespace(connection, options);
  try {
    const added = await untilKnown(() => registerSearchAttributes(connection, namespace));
    return added.length === 0 ? changes : [...changes, `Search attributes added: ${added.join(', ')}`];
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [...changes, ...(await missingByHand(connection, namespace))];
  }
}

async function ensureNamespace(connection: Connection, { namespace, retentionDays }: ProvisionOptions): Promise<string[]> {
  const seconds = (retentionDays ?? 7) * DAY_SECONDS;
  const retention = msToTs(seconds * 1_000);
  const known = await connection.workflowService.describeNamespace({ namespace }).catch((error: unknown) => {
    if (grpcCodeOf(error) === GRPC.notFound) return null;
    throw error;
  });
  if (known === null) {
    await connection.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention })
      .catch((error: unknown) => {
        if (grpcCodeOf(error) !== GRPC.alreadyExists) throw error; // another provisioning was quicker
      });
    return [`Namespace ${namespace} made; ended workflows are kept for ${seconds / DAY_SECONDS} days`];
  }
  const kept = Number(known.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (retentionDays === null || kept === seconds) return [];
  try {
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [
      `The retention is ${kept / DAY_SECONDS} days and is not ours to change: tcld namespace retention set --namespace ${namespace} --retention-days ${retentionDays}`,
    ];
  }
  return [`Ended workflows are kept for ${retentionDays} days (before: ${kept / DAY_SECONDS})`];
}

/** Where a server lets only its own tools add attributes, as Temporal Cloud does: which are missing, and the command for them. */
async function missingByHand({ workflowService }: Connection, namespace: string): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) {
    const known = await workflowService.countWorkflowExecutions({ namespace, query: `${name} IS NULL` }).then(
      () => true,
      () => false,
    );
    if (!known) lines.push(`MISSING: tcld namespace search-attributes add --namespace ${namespace} --search-attribute "${name}=${type}"`);
  }
  return lines;
}

const KNOWN_WITHIN_MS = 30_000;

/** A namespace is known to all parts of a server some seconds after it was made. */
async function untilKnown<Value>(call: () => Promise<Value>): Promise<Value> {
  for (const begun = Date.now(); ;) {
    try {
      return await call();
    } catch (error) {
      if (grpcCodeOf(error) !== GRPC.notFound || Date.now() - begun > KNOWN_WITHIN_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function isRefused(error: unknown): boolean {
  return NOT_OURS_TO_DO.includes(grpcCodeOf(error) ?? -1);
}
