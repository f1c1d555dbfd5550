import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { temporaryStore } from './temporary-store.ts';

/** Stores files of 8 MB without end, each in many parts, and says so after each. */
const WRITER = `
import { createFolderStore } from ${JSON.stringify(new URL('./folder-store.ts', import.meta.url).href)};
const store = createFolderStore({ folder: process.argv[1] });
for (let n = 1; ; n++) {
  const parts = Array.from({ length: 32 }, (_, i) => new Uint8Array(262_144).fill(n + i));
  await store.putStream('public', parts, () => n);
  console.log(n);
}`;

describe('a writer that is killed in the middle', () => {
  it('leaves only whole files at their addresses', { timeout: 20_000 }, async () => {
    const store = await temporaryStore();
    const writer = spawn(process.execPath, ['--input-type=module-typescript', '-e', WRITER, store.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(writer, 'exit');
    let written = 0;
    for await (const _line of createInterface({ input: writer.stdout })) {
      written++;
      if (written === 3) writer.kill('SIGKILL');
    }
    expect(await exit).toEqual([null, 'SIGKILL']);

    const entries = await readdir(join(store.folder, 'public'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThanOrEqual(written);
    for (const { parentPath, name } of files) {
      const content = await readFile(join(parentPath, name));
      expect(createHash('sha256').update(content).digest('hex')).toBe(name);
    }
    await store.artifacts.check();
  });
});
