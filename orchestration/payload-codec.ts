import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding.js';
import proto from '@temporalio/proto';

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const IV_BYTES = 12; // of GCM, NIST SP 800-38D
const TAG_BYTES = 16;

export interface PayloadKey {
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

const { Payload: PayloadType } = proto.temporal.api.common.v1;

/**
 * Encrypts what Temporal keeps of workflows with AES-256-GCM: arguments, results, details. New payloads by the first key; old ones are read by the key that they name,
 * so that keys can be changed one after the other. Payloads that are not encrypted pass as they are: workflows of before go on.
 */
export function createPayloadCodec(keys: readonly [PayloadKey, ...PayloadKey[]]): PayloadCodec {
  const [newest] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));

  function decrypt(payload: Payload): Payload {
    const { metadata, data } = payload;
    if (!metadata || !data || textIn(metadata[METADATA_ENCODING_KEY]) !== ENCODING) return payload;
    const id = textIn(metadata[KEY_ID]);
    const key = byId.get(id);
    if (!key) throw new Error(`A payload is encrypted with the key "${id}", which HOLDFAST_PAYLOAD_KEYS does not have: add it again`);
    return PayloadType.decode(opened(key, data));
  }

  return {
    encode: async (payloads) =>
      payloads.map((payload) => ({
        metadata: { [METADATA_ENCODING_KEY]: encode(ENCODING), [KEY_ID]: encode(newest.id) },
        data: sealed(newest.key, PayloadType.encode(payload).finish()),
      })),
    decode: async (payloads) => payloads.map(decrypt),
  };
}

function sealed(key: Uint8Array, plain: Uint8Array): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** Fails where a bit was changed. */
function opened(key: Uint8Array, data: Uint8Array): Uint8Array {
  const text = data.subarray(IV_BYTES + TAG_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  cipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([cipher.update(text), cipher.final()]);
}

function textIn(bytes: Uint8Array | null | undefined): string {
  return bytes ? decode(bytes) : '';
}
