import { statfsSync } from 'node:fs';
import { Client, type Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import * as z from 'zod';
import { artifactPlace, openArtifacts } from '../artifacts/open-artifacts.ts';
import { bundledSources } from '../market-data/catalog.ts';
import { configuredSources } from '../market-data/sources-file.ts';
import { stateOf } from '../monitoring/dependency-state.ts';
import { openResultStore } from '../results/open-store.ts';
import { OWN_SCHEDULES, SEARCH_ATTRIBUTES, taskQueues } from '../shared/names.ts';
import type { WorkerConfig } from './config.ts';

/** One thing that the service needs: how it is, and where it is not well, what to do. */
export interface Finding {
  what: string;
  ok: boolean;
  said: string;
  remedy: string | null;
}

interface Check {
  what: string;
  /** Resolves to what is worth saying; rejects where it is not well. */
  look: () => Promise<string>;
  remedy: string;
}

const LEAST_FREE_BYTES = 1e9;
const ANSWER_MS = 5_000;
const POLLS_WITHIN_MS = 90_000;
const Me = z.object({ owner: z.string(), by: z.string() });
const BY_ROLE = { control: 'control', fetch: 'fetch', simulate: 'simulate', trials: 'simulate' } as const;

/** Rows, files, disk and sources, as the settings of this process have them, and the API at the address that people use; `token` is for it. */
export function ownChecks(config: WorkerConfig, token: string | undefined): Check[] {
  return [
    {
      what: 'Rows',
      async look() {
        const store = openResultStore(config);
        try {
          await store.check();
          return config.SUPABASE_SECRET_KEY === undefined ? `in ${config.HOLDFAST_HOME}` : `in ${config.SUPABASE_URL}`;
        } finally {
          store.close();
        }
      },
      remedy:
        config.SUPABASE_SECRET_KEY === undefined
          ? 'Make HOLDFAST_HOME a folder that this user may write, with room on its disk.'
          : 'Look whether the project is awake, SUPABASE_URL and SUPABASE_SECRET_KEY are of it, and its tables are there (supabase db push).',
    },
    {
      what: 'Files',
      async look() {
        await openArtifacts(config.HOLDFAST_HOME, artifactPlace(config, process.env)).artifacts.check();
        return `in ${config.HOLDFAST_ARTIFACTS ?? config.HOLDFAST_HOME}`;
      },
      remedy:
        config.HOLDFAST_ARTIFACTS === undefined
          ? 'Make HOLDFAST_HOME a folder that this user may write.'
          : 'Look whether the bucket of HOLDFAST_ARTIFACTS is there, and AWS_ENDPOINT_URL_S3, AWS_REGION and the key (read, write, list, delete) are of it: docs/supabase.md.',
    },
    {
      what: 'Disk',
      async look() {
        const { bavail, bsize } = statfsSync(config.HOLDFAST_HOME);
        const free = `${((Number(bavail) * Number(bsize)) / 1e9).toFixed(1)} GB free`;
        if (bavail * bsize < LEAST_FREE_BYTES) throw new Error(free);
        return free;
      },
      remedy: 'Free some, lower HOLDFAST_CACHE_MB or HOLDFAST_KEEP_DAYS, or move HOLDFAST_HOME to another disk.',
    },
    {
      what: 'Sources of bars',
      async look() {
        const further = configuredSources(config.HOLDFAST_SOURCES, { home: config.HOLDFAST_HOME, cacheMb: config.HOLDFAST_CACHE_MB });
        return `${bundledSources().length} bundled, ${further.length} described`;
      },
      remedy: 'Correct the file that HOLDFAST_SOURCES names: docs/data.md.',
    },
    ...apiChecks(config.HOLDFAST_URL, token),
  ];
}

function apiChecks(url: string, token: string | undefined): Check[] {
  return [
    {
      what: 'API',
      async look() {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
        if (!answer.ok) throw new Error(`${url}/readyz answers ${answer.status}: ${await answer.text()}`);
        return `ready at ${url}`;
      },
      remedy: 'Start it (npm run api), or set HOLDFAST_URL to where people reach it.',
    },
    {
      what: 'Sign-in',
      async look() {
        const answer = await fetch(`${url}/v1/me`, {
          headers: token ? { authorization: `Bearer ${token}` } : {},
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        if (!answer.ok) throw new Error(`${url}/v1/me answers ${answer.status} ${token ? 'to the token' : 'without a token'}`);
        const { owner, by } = Me.parse(await answer.json());
        return `${owner}, known by ${by}`;
      },
      remedy: 'Put a token of this service into HOLDFAST_TOKEN: holdfast token create NAME, or the API_TOKEN of the API.',
    },
  ];
}

/** What a namespace must have, and who serves its queues. */
export function temporalChecks(connection: Connection, namespace: string, config: WorkerConfig): Check[] {
  const { HOLDFAST_TASK_QUEUE: prefix, HOLDFAST_BUILD_ID: buildId } = config;
  const { workflowService } = connection;
  const client = new Client({ connection, namespace });
  const remedy = 'Run npm run provision with the settings of the workers.';
  return [
    {
      what: 'Namespace',
      async look() {
        const { config } = await workflowService.describeNamespace({ namespace });
        return `${namespace}, ended workflows are kept for ${Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400} days`;
      },
      remedy,
    },
    {
      what: 'Search attributes',
      async look() {
        const names = Object.keys(SEARCH_ATTRIBUTES);
        const known = await Promise.allSettled(
          names.map((name) => workflowService.countWorkflowExecutions({ namespace, query: `${name} IS NULL` })),
        );
        const missing = names.filter((_, k) => known[k]!.status === 'rejected');
        if (missing.length > 0) throw new Error(`${missing.join(', ')} missing`);
        return `all ${names.length}`;
      },
      remedy,
    },
    {
      what: 'Own schedules',
      async look() {
        const described = await Promise.all(
          Object.values(OWN_SCHEDULES).map(async (name) => ({
            name,
            ...(await client.schedule.getHandle(`${name}/${prefix}`).describe()),
          })),
        );
        const paused = described.filter(({ state }) => state.paused);
        if (paused.length > 0)
          throw new Error(`paused: ${paused.map(({ name, state }) => `${name} (${state.note ?? 'no note'})`).join(', ')}`);
        return Object.values(OWN_SCHEDULES).join(', ');
      },
      remedy: `${remedy} A paused one: temporal schedule toggle --unpause --schedule-id reconcile/${prefix}`,
    },
    ...(buildId === undefined ? [] : [versionCheck(workflowService, namespace, { deploymentName: prefix, buildId })]),
    ...workerChecks(workflowService, namespace, prefix),
  ];
}

/** Who serves each queue. */
function workerChecks(service: Connection['workflowService'], namespace: string, prefix: string): Check[] {
  return (Object.keys(BY_ROLE) as (keyof typeof BY_ROLE)[]).map((queue) => ({
    what: `Workers of ${taskQueues(prefix)[queue]}`,
    async look() {
      const taskQueueType = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY;
      const { pollers } = await service.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueues(prefix)[queue] },
        taskQueueType,
      });
      // The server remembers for minutes who has polled; whoever is there polls once a minute.
      const present = pollers?.filter(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < POLLS_WITHIN_MS);
      if (!present?.length) throw new Error('nobody serves it');
      return present.map(({ identity }) => identity).join(', ');
    },
    remedy: `Start one: node worker/main.ts --role ${BY_ROLE[queue]}`,
  }));
}

interface Version {
  deploymentName: string;
  buildId: string;
}

/** Workers with a version get nothing to do before it is current. */
function versionCheck(service: Connection['workflowService'], namespace: string, { deploymentName, buildId }: Version): Check {
  return {
    what: 'Version of workers',
    async look() {
      const { workerDeploymentInfo } = await service.describeWorkerDeployment({ namespace, deploymentName });
      const current = workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId;
      if (current !== buildId) throw new Error(`what begins goes to ${current ? current : 'workers without a version'}, not to ${buildId}`);
      return `${buildId} is current`;
    },
    remedy: `Start its workers, then: temporal worker deployment set-current-version --deployment-name ${deploymentName} --build-id ${buildId}`,
  };
}

export async function findingOf({ what, look, remedy }: Check): Promise<Finding> {
  let said = '';
  const { ok, message } = await stateOf(look().then((text) => void (said = text)));
  return { what, ok, said: message ?? said, remedy: ok ? null : remedy };
}
