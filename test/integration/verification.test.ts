import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runCli } from '../../cli/program.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Result, Run, StoredResult } from '../../shared/run.ts';
import { startService, type Service } from '../rig/service.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress') });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

/** A run that nothing else is compared with, by the length of its average. */
async function finished(slow: number): Promise<Run> {
  const { id } = await service.submit({
    data: { source: 'sample', symbols: ['AAPL', 'IBM'] },
    strategy: { name: 'sma-cross', params: { fast: 5, slow } },
  });
  return service.until(id, ({ status }) => status === 'completed');
}

function withRows<Value>(work: (rows: DatabaseSync) => Value): Value {
  const rows = new DatabaseSync(path.join(service.home, 'rows.sqlite'));
  try {
    return work(rows);
  } finally {
    rows.close();
  }
}

function storedResult(id: string): StoredResult {
  return withRows((rows) => JSON.parse(String(rows.prepare('SELECT result FROM runs WHERE id = ?').get(id)!['result'])) as StoredResult);
}

/** Changes a bit in the middle of a file, or of a part of one. */
function alter({ uri, from = 0, bytes }: ArtifactRef): void {
  const [scope, name] = uri.split('/') as [string, string];
  const file = path.join(service.home, 'artifacts', scope, name.slice(0, 2), name);
  const content = readFileSync(file);
  content[from + (bytes >> 1)]! ^= 1;
  writeFileSync(file, content);
}

/** `holdfast verify ID --json` */
async function verify(id: string) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough().resume()];
  const context = {
    env: { HOLDFAST_URL: service.url },
    stdin: new PassThrough(),
    stdout,
    stderr: stderr as unknown as NodeJS.WriteStream,
    untilInterrupted: () => new AbortController().signal,
    status: 0,
  };
  const exit = await runCli(['verify', id, '--json'], context);
  const answer = JSON.parse(String(stdout.read())) as { id: string; status?: string; verification?: Result['verification'] };
  return { exit, ...answer };
}

describe('verifying a run', { timeout: 120_000 }, () => {
  it('gives the same bytes, says so, and leaves a run that names it', async () => {
    const { id } = await finished(20);
    const answer = await verify(id);
    expect(answer).toMatchObject({ exit: 0, verification: { run: id, outcome: 'identical', identical: true, differences: [] } });
    const { body } = await service.get<Run>(`/v1/backtests/${answer.id}`);
    expect(body).toMatchObject({ status: 'completed', verifies: id });
  });

  it('finds a stored file of the run that was altered', async () => {
    const { id } = await finished(21);
    const { curve } = storedResult(id);
    alter(curve);
    const { exit, verification } = await verify(id);
    expect(exit).toBe(1);
    expect(verification).toMatchObject({ outcome: 'different', identical: false });
    expect(verification!.differences).toEqual([{ what: 'curve', before: 'damaged', after: curve.sha256 }]);
    // The bytes that came out took its place.
    expect((await verify(id)).exit).toBe(0);
  });

  it('finds a figure that was altered', async () => {
    const { id } = await finished(22);
    const { metrics } = storedResult(id);
    withRows((rows) => rows.prepare("UPDATE runs SET result = json_set(result, '$.metrics.sharpe', 9.5) WHERE id = ?").run(id));
    const { exit, verification } = await verify(id);
    expect(exit).toBe(1);
    expect(verification!.differences).toEqual([{ what: 'metrics.sharpe', before: '9.5', after: String(metrics.sharpe) }]);
  });

  it('says that the engine is another one now, and compares all the same', async () => {
    const { id } = await finished(23);
    withRows((rows) => rows.prepare("UPDATE runs SET result = json_set(result, '$.manifest.engineVersion', 'older') WHERE id = ?").run(id));
    const { exit, verification } = await verify(id);
    expect(exit).toBe(0);
    expect(verification).toMatchObject({ outcome: 'engine_changed', identical: true });
    expect(verification!.differences).toEqual([{ what: 'engineVersion', before: 'older', after: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
  });

  it('fails where the bars of the run were altered', async () => {
    const { id } = await finished(24);
    // From here on this dataset is gone for all: the last test.
    alter(storedResult(id).dataset!);
    expect(await verify(id)).toMatchObject({ exit: 1, status: 'failed', error: { code: expect.stringMatching(/^artifact_/) } });
  });
});
