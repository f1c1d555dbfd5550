import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../worker/workflow-bundle.ts';

const FOLDER = path.join(import.meta.dirname, 'histories');
const files = readdirSync(FOLDER);

interface Recorded {
  workflowId: string;
  history: unknown;
}

const read = (file: string): Recorded => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Recorded;

beforeAll(() => void Runtime.install({ logger: new DefaultLogger('ERROR') }));

describe('the workflows of today go through what runs of an earlier version have recorded', () => {
  it('of every shape', () => {
    expect(files.length).toBeGreaterThanOrEqual(15);
  });

  it.each(files)('%s', async (file) => {
    const { workflowId, history } = read(file);
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle({ heartbeatSeconds: 5 }) }, history, workflowId);
  });
});

it('a workflow that does other things than were recorded is found out', async () => {
  const { workflowId, history } = read('done-in-slices.json');
  const workflowsPath = path.join(import.meta.dirname, 'planted/index.ts');
  await expect(Worker.runReplayHistory({ workflowsPath }, history, workflowId)).rejects.toThrow(/nondeterminism/i);
});
