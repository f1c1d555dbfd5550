import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Payload, PayloadCodec } from '@temporalio/common';
import * as z from 'zod';
import { HoldfastError } from '../../shared/errors.ts';
import { problems } from '../problems.ts';

const PayloadJson = z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().default('') });
const Payloads = z.object({ payloads: z.array(PayloadJson).max(10_000) });

/** More than a page of history has. */
const BODY_LIMIT = 8 * 2 ** 20;

const DESCRIPTION = 'The codec endpoint of Temporal Web: set "…/v1/admin/codec" there, and it shows payloads as they are.';

/** Lets operators read what is encrypted, by the protocol of Temporal's codec servers (https://docs.temporal.io/codec-server). */
export function codecEndpoint(codec: PayloadCodec) {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    for (const wanted of ['decode', 'encode'] as const) {
      const schema = {
        tags: ['operators'],
        summary: wanted === 'decode' ? 'Decrypt payloads of Temporal' : 'Encrypt payloads for Temporal',
        description: DESCRIPTION,
        body: Payloads,
        response: { 200: Payloads, ...problems(403, 422) },
      };
      app.post(`/admin/codec/${wanted}`, { schema, config: { access: 'admin' }, bodyLimit: BODY_LIMIT }, async ({ body }) => {
        const coded = await codec[wanted](body.payloads.map(fromJson)).catch((cause: unknown) => {
          throw new HoldfastError('invalid_request', 'A payload cannot be decrypted: it was changed, or its key is not known here.', {
            cause,
          });
        });
        return { payloads: coded.map(toJson) };
      });
    }
  };
}

function fromJson({ metadata, data }: z.infer<typeof PayloadJson>): Payload {
  const bytes = Object.entries(metadata).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))] as const);
  return { metadata: Object.fromEntries(bytes), data: new Uint8Array(Buffer.from(data, 'base64')) };
}

function toJson({ metadata, data }: Payload): z.infer<typeof PayloadJson> {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')] as const);
  return { metadata: Object.fromEntries(texts), data: Buffer.from(data ?? []).toString('base64') };
}
