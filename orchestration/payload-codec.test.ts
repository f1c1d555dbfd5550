import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createPayloadCodec } from './payload-codec.ts';

const key = (id: string) => ({ id, key: new Uint8Array(randomBytes(32)) });
const [first, second] = [key('2026'), key('2027')];
const SPEC = { owner: 'ann', strategy: 'a secret strategy' };
const payload = defaultPayloadConverter.toPayload(SPEC)!;

describe('createPayloadCodec', () => {
  const codec = createPayloadCodec([first]);

  it('gives back what it encrypted, and shows nothing of it', async () => {
    const [hidden] = await codec.encode([payload]);
    expect(Buffer.from(hidden!.data!).includes('secret')).toBe(false);
    const [shown] = await codec.decode([hidden!]);
    expect(defaultPayloadConverter.fromPayload(shown!)).toEqual(SPEC);
  });

  it('never encrypts the same twice alike', async () => {
    const [a, b] = await codec.encode([payload, payload]);
    expect(Buffer.from(a!.data!).equals(Buffer.from(b!.data!))).toBe(false);
  });

  it('reads by an older key what it wrote by it, and writes by the first', async () => {
    const [old] = await codec.encode([payload]);
    const later = createPayloadCodec([second, first]);
    const [fresh] = await later.encode([payload]);
    for (const shown of await later.decode([old!, fresh!])) expect(defaultPayloadConverter.fromPayload(shown)).toEqual(SPEC);
    await expect(codec.decode([fresh!])).rejects.toThrow('the key "2027"');
  });

  it('lets what is not encrypted pass, and nothing that was changed', async () => {
    expect(await codec.decode([payload])).toEqual([payload]);
    const [hidden] = await codec.encode([payload]);
    for (const at of [0, 12, 28, hidden!.data!.length - 1]) {
      const data = Uint8Array.from(hidden!.data!);
      data[at] = data[at]! ^ 1;
      await expect(codec.decode([{ ...hidden!, data }])).rejects.toThrow();
    }
  });
});
