import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { arrowStream } from './arrow-stream.ts';
import { parquetStream } from './parquet-stream.ts';
import { problems } from './problems.ts';
import { columnarJsonStream, csvStream, type Table } from './stream-table.ts';

/** How a series is written: columns as JSON, CSV, an Arrow IPC stream, or a Parquet file. */
export const Format = z.enum(['json', 'csv', 'arrow', 'parquet']).default('json');

const FORMATS = {
  json: { type: 'application/json; charset=utf-8', stream: columnarJsonStream },
  csv: { type: 'text/csv; charset=utf-8', stream: csvStream },
  arrow: { type: 'application/vnd.apache.arrow.stream', stream: arrowStream },
  parquet: { type: 'application/vnd.apache.parquet', stream: parquetStream },
} as const;

const Cells = z.array(z.union([z.number(), z.string(), z.null()]));

/** The documented answers of a route that gives a table of these columns; without names they depend on the run. */
export function tableResponse(description: string, names?: readonly string[]) {
  const columns = names === undefined ? z.record(z.string(), Cells) : z.object(Object.fromEntries(names.map((name) => [name, Cells])));
  return anyFormat(description, z.object({ columns, rows: z.int() }));
}

/** The documented answers of a route that gives a table in any {@link Format}, as JSON in a shape of its own. */
export function anyFormat(description: string, json: z.ZodType) {
  const content = {
    'application/json': { schema: json },
    'text/csv': { schema: z.string() },
    [FORMATS.arrow.type]: { schema: z.string().meta({ format: 'binary' }) },
    [FORMATS.parquet.type]: { schema: z.string().meta({ format: 'binary' }) },
  };
  return { 200: { description, content }, ...problems(404, 422) };
}

/** Streamed, past the schema: checking millions of cells would hold up every other request. */
export function sendTable(
  reply: FastifyReply,
  table: Table,
  { format, name }: { format: z.infer<typeof Format>; name: string },
): FastifyReply {
  const { type, stream } = FORMATS[format];
  if (format !== 'json') reply.header('content-disposition', `attachment; filename="${name}.${format}"`);
  return reply.header('cache-control', 'no-cache').type(type).send(stream(table));
}
