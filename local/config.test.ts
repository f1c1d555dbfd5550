import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT, readConfig } from './config.ts';

describe('the settings of npm start', () => {
  it('are all optional, and stay on this machine', () => {
    expect(readConfig({})).toEqual({
      HOLDFAST_HOME: path.join(PROJECT, '.holdfast'),
      HOST: '127.0.0.1',
      PORT: 4000,
      TEMPORAL_PORT: 7233,
      TEMPORAL_UI_PORT: 8233,
      HOLDFAST_SYNC: 'normal',
    });
  });

  it('count as unset when they are empty', () => {
    expect(readConfig({ PORT: '', TEMPORAL_ADDRESS: '' })).toEqual(readConfig({}));
  });

  it('are refused with all that is wrong at once', () => {
    const read = () => readConfig({ PORT: 'abc', TEMPORAL_PORT: '70000', HOLDFAST_SYNC: 'sometimes' });
    expect(read).toThrow(/PORT: .*"abc"[^]*TEMPORAL_PORT: .*"70000"[^]*HOLDFAST_SYNC: .*"sometimes"/);
  });

  it('must give every server a port of its own', () => {
    expect(() => readConfig({ PORT: '7233' })).toThrow(/must differ/);
  });
});
