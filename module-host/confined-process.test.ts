import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startConfinedProcess } from './confined-process.ts';

const DESCRIBE = new URL('./describe-thread.ts', import.meta.url);
const LIMITS = { memoryMb: 300, stallMs: 10_000, threadData: null };

describe('a confined process', { timeout: 30_000 }, () => {
  it("fails a job as the service's own fault where its thread cannot be started", async () => {
    const confined = startConfinedProcess({ ...LIMITS, threadFile: new URL('./no-such-file.ts', import.meta.url) });
    onTestFinished(() => confined.close());
    await expect(confined.run({})).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('no-such-file') });
  });

  it("fails a job as the service's own fault where no process can be started", async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    onTestFinished(() => void (process.execPath = execPath));
    const confined = startConfinedProcess({ ...LIMITS, threadFile: DESCRIBE });
    await expect(confined.run({})).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('ENOENT') });
    await confined.close();
  });

  it('sees none of the settings and secrets of the service', async () => {
    process.env.API_TOKEN = 'secret-of-the-service';
    onTestFinished(() => void delete process.env.API_TOKEN);
    const folder = mkdtempSync(path.join(tmpdir(), 'confined-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'tells.ts');
    writeFileSync(file, "throw new Error('sees ' + Object.keys(process.env).join(' '));");
    const confined = startConfinedProcess({ ...LIMITS, threadFile: DESCRIBE });
    onTestFinished(() => confined.close());
    const seen = await confined.run({ file }).catch((error: Error) => error.message);
    expect(seen).toMatch(/^sees/);
    expect(seen).not.toContain('API_TOKEN');
  });
});
