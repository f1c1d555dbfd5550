import { describe, expect, it } from 'vitest';
import { asStoreError } from './store-errors.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: it failed`), { errno: -1, code, syscall: 'write' });
}

describe('asStoreError', () => {
  it.each([
    ['ENOSPC', 'Free some space'],
    ['EDQUOT', 'Free some space'],
    ['EACCES', 'write access'],
    ['EROFS', 'write access'],
    ['EMFILE', 'ulimit -n'],
    ['EIO', 'Check the disk'],
  ])('says after %s what to do', (code, remedy) => {
    const cause = systemError(code);
    const error = asStoreError(cause);
    expect(error).toMatchObject({ code: 'artifact_unavailable', cause, message: expect.stringContaining(remedy) });
    expect(error.message).toContain(code);
  });

  it('hands back what does not come from the operating system', () => {
    const error = new RangeError('mine');
    expect(asStoreError(error)).toBe(error);
  });
});
