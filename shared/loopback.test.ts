import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1'])('is true for %s', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example', ''])('is false for %j', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
