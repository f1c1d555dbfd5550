import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createModuleCatalog } from './module-catalog.ts';
import { createModuleFiles } from './module-files.ts';

const SHIPPED = path.resolve(import.meta.dirname, '../strategies/modules');
const FIXTURES = path.resolve(import.meta.dirname, '../test/fixtures/modules');

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'modules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

const sound = (title: string) =>
  `export const strategy = { title: '${title}', description: '', params: {}, init: () => ({}), next: () => undefined };\n`;

describe('the modules of a folder', () => {
  it('are named by their files; tests, other files and names that would lead elsewhere are none', () => {
    const folder = folderOf({ 'one.ts': '', 'one.test.ts': '', 'README.md': '', 'Two.ts': '', 'three-3.ts': '' });
    const files = createModuleFiles(folder);
    expect(files.names()).toEqual(['one', 'three-3']);
    expect(['one', 'two', '../modules/one', 'one.test', ''].map((name) => files.has(name))).toEqual([true, false, false, false, false]);
    expect(createModuleFiles(path.join(folder, 'nowhere')).names()).toEqual([]);
  });

  it('have a hash that follows what they import, directly or not, and not types or other files', () => {
    const files = {
      'one.ts': "import './a.ts'; import type { C } from './c.ts';",
      'a.ts': "export { b } from './b.ts';",
      'b.ts': 'export const b = 1;',
      'c.ts': '',
    };
    const before = createModuleFiles(folderOf(files)).hashOf('one');
    expect(createModuleFiles(folderOf({ ...files, 'c.ts': '1' })).hashOf('one')).toBe(before);
    expect(createModuleFiles(folderOf({ ...files, 'b.ts': 'export const b = 2;' })).hashOf('one')).not.toBe(before);
    expect(createModuleFiles(folderOf({ ...files, 'one.ts': "import './a.ts';\n" })).hashOf('one')).not.toBe(before);
  });
});

describe('the catalog of modules', { timeout: 30_000 }, () => {
  it('says of the shipped example what a form needs', async () => {
    const module = await createModuleCatalog(createModuleFiles(SHIPPED)).find('turn-of-month');
    expect(module).toMatchObject({
      error: null,
      about: { title: 'Turn of the month', params: { enterDay: { min: 20, max: 31, default: 26 } } },
    });
  });

  it('lists a broken module with what is wrong, beside the others', async () => {
    const folder = folderOf({
      'a-sound.ts': sound('A'),
      'b-empty.ts': '',
      'c-syntax.ts': 'export const strategy = {',
      'd-throws.ts': "throw new Error('no licence file');",
      'e-exits.ts': 'process.exit(0);',
      'f-async.ts': sound('F').replace('next: ()', 'next: async ()'),
      'g-sound.ts': sound('G'),
    });
    const list = await createModuleCatalog(createModuleFiles(folder)).list();
    expect(list.map(({ name }) => name)).toEqual(['a-sound', 'b-empty', 'c-syntax', 'd-throws', 'e-exits', 'f-async', 'g-sound']);
    const errors = list.map(({ error }) => error);
    expect(errors[0]).toBeNull();
    expect(errors[1]).toBe('strategy: must be what defineModule returns');
    expect(errors[2]).toMatch(/Unexpected|Expression expected|Expected/);
    expect(errors[3]).toBe('no licence file');
    expect(errors[4]).toMatch(/it called process\.exit\(0\)/);
    expect(errors[5]).toBe('strategy.next: must be a function that is not async');
    expect(errors[6]).toBeNull();
  });

  it('refuses a module whose default lies outside of its own range', async () => {
    const module = await createModuleCatalog(createModuleFiles(FIXTURES)).find('has-a-wrong-default');
    expect(module?.error).toMatch(/^strategy\.params\.window: its default is wrong/);
  });

  it('loads an edited module again, and one that is as it was only once', async () => {
    const folder = folderOf({ 'one.ts': sound('Before') });
    const catalog = createModuleCatalog(createModuleFiles(folder));
    const [first, again] = [await catalog.find('one'), await catalog.find('one')];
    expect(first?.about?.title).toBe('Before');
    expect(again).toBe(first);
    writeFileSync(path.join(folder, 'one.ts'), sound('After'));
    expect((await catalog.find('one'))?.about?.title).toBe('After');
  });

  it('knows nothing of a module that is not there', async () => {
    expect(await createModuleCatalog(createModuleFiles(FIXTURES)).find('no-such-module')).toBeNull();
  });

  it('gives up on a module that never ends loading', async () => {
    const module = await createModuleCatalog(createModuleFiles(folderOf({ 'endless.ts': 'for (;;);' }))).find('endless');
    expect(module?.error).toMatch(/took longer than 5 s/);
  });
});
