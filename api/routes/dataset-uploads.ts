import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { readUpload } from '../../market-data/uploads/read-upload.ts';
import { createUploadSource } from '../../market-data/uploads/upload-source.ts';
import { QualityReport } from '../../shared/data-quality.ts';
import { SourceInfo, SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { SYMBOL_PATTERN, TIMEFRAME_PATTERN } from '../../shared/spec.ts';
import { UPLOAD_PREFIX, UploadName } from '../../shared/upload.ts';
import { atMost } from '../at-most.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { problems } from '../problems.ts';
import { withReceivedFile } from '../receive-file.ts';
import { validateAllButBody } from '../validation.ts';

/** Of each upload, as columns of doubles. CSV takes about three times as many characters as a short column has digits. */
const DECODED_PER_BYTE = 8;
const MOST_SYMBOLS = 10_000;
/** For reading an upload: a minute, and a second for each MB that it may have. */
const READING_MS = 60_000;
const MS_PER_MB = 1_000;
/** Read at the same time: each has a process with memory of its own. */
const READERS = 2;

const PARQUET = ['application/vnd.apache.parquet', 'application/octet-stream'];

const query = z.object({
  name: UploadName.describe('The source is then called upload:NAME; an earlier upload of that name is replaced'),
  symbol: z.string().regex(SYMBOL_PATTERN).optional().describe('Of all bars, where there is no column "symbol"'),
  timeframe: z.string().regex(TIMEFRAME_PATTERN, 'write a number and a unit: 1m, 15m, 1h, 1d').default('1d'),
});

const schema = {
  tags: ['catalog'],
  summary: 'Upload bars as a source of your own',
  description:
    'The body is text/csv with the header ts,open,high,low,close,volume, optionally symbol, and any further numeric columns, which expressions of rules then know by their names; or Parquet (application/vnd.apache.parquet) with the same columns.',
  querystring: query,
  consumes: ['text/csv', ...PARQUET],
  body: z.string().meta({ format: 'binary' }),
  response: {
    201: SourceInfo.extend({ symbols: z.array(SymbolInfo), quality: QualityReport }),
    ...problems(413, 415, 422),
  },
};

/** `uploadBytes`: most of a body. */
export function datasetUploads({ store, artifacts }: ApiDependencies, { uploadBytes }: { uploadBytes: number }) {
  const inTurn = atMost(READERS);
  const limits = {
    decodedBytes: uploadBytes * DECODED_PER_BYTE,
    symbols: MOST_SYMBOLS,
    milliseconds: READING_MS + (uploadBytes / 2 ** 20) * MS_PER_MB,
  };
  const stores = createDatasetStore(artifacts);

  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser(['text/csv', ...PARQUET], (_request, body, done) => done(null, body));
    app.addContentTypeParser('*', (_request, _body, done) => done(wrongType()));

    // The body is a stream, and is checked as it comes in.
    app.post('/datasets', { schema, config: { takesLong: true }, validatorCompiler: validateAllButBody }, async (request, reply) => {
      const { owner, headers } = request;
      const { name, symbol, timeframe } = request.query;
      const type = headers['content-type'];
      if (type === undefined) throw wrongType();
      const format = type.startsWith('text/csv') ? 'csv' : 'parquet';
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort(new Error('the client has gone')));
      const received = {
        body: request.body as unknown as Readable,
        mostBytes: uploadBytes,
        announced: Number(headers['content-length'] ?? 0),
      };
      const read = await withReceivedFile(received, (path) =>
        inTurn(() => readUpload({ path, format, timeframe, symbol }, { datasets: stores, owner, limits, signal: gone.signal })),
      );
      const upload = { owner, name, timeframe, createdAt: Date.now(), ...read };
      await store.saveUpload(upload);
      reply.code(201).header('location', `/v1/datasets/${UPLOAD_PREFIX}${name}/symbols`);
      const source = createUploadSource(upload, artifacts);
      return { ...source.describe(), symbols: await source.symbols(), quality: upload.quality };
    });
  };
}

function wrongType(): HoldfastError {
  return new HoldfastError(
    'unsupported_media_type',
    'Say with "Content-Type" what the bars are: text/csv, or application/vnd.apache.parquet for Parquet.',
  );
}
