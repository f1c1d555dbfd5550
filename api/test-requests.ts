import fc from 'fast-check';
import type { InjectOptions } from 'fastify';

export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
}

interface Operation {
  parameters?: { name: string; in: 'query' | 'path' | 'header'; required?: boolean; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema?: JsonSchema; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema?: JsonSchema }> }>;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** Deeper than this, what is generated is as short as it can be. */
const MAX_DEPTH = 6;

/** What has broken other services: quotes, paths, templates, control characters, halves of characters, numbers at their edges. */
const HOSTILE: readonly unknown[] = [
  "' OR 1=1 --",
  '"; DROP TABLE runs; --',
  '%27%20UNION%20SELECT%20*',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '\u0000',
  '\ud800',
  '{{7*7}}${7*7}',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '(((((((((((((((((((((((((((((',
  'a'.repeat(5_000),
  '٣',
  '𝕏\u202e',
  -1,
  -0,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  null,
  true,
  [],
  {},
  [[[[[[[[]]]]]]]],
];

const hostile = fc.constantFrom(...HOSTILE);

/** Values that a schema allows; now and then a part of one is something else. */
export function valuesOf(schema: JsonSchema, schemas: OpenApiDocument['components']['schemas']): fc.Arbitrary<unknown> {
  const sound = (at: JsonSchema, depth: number): fc.Arbitrary<unknown> => {
    if (at.$ref !== undefined) return of(schemas[at.$ref.split('/').at(-1)!]!, depth);
    if (at.examples && depth === 0) return fc.oneof(fc.constantFrom(...at.examples), spoilt(at.examples), typed(at, depth, of));
    if (at.const !== undefined) return fc.constant(at.const);
    if (at.enum) return fc.constantFrom(...at.enum);
    const choices = at.anyOf ?? at.oneOf;
    if (choices) return fc.oneof(...choices.map((choice) => of(choice, depth + 1)));
    if (at.allOf) return of(at.allOf[0]!, depth);
    return typed(at, depth, of);
  };
  const of = (at: JsonSchema, depth: number): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 24, arbitrary: sound(at, depth) }, { weight: 1, arbitrary: hostile });
  return of(schema, 0);
}

/** An example of which one part is something else. */
function spoilt(examples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...examples), fc.nat(), hostile).map(([example, place, value]) => {
    const copy = structuredClone(example);
    const parts = partsOf(copy);
    const [holder, key] = parts[place % parts.length]!;
    holder[key] = value;
    return copy;
  });
}

type Holder = Record<string, unknown>;

function partsOf(value: unknown): [holder: Holder, key: string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap((key) => [[holder, key] as [Holder, string], ...partsOf(holder[key])]);
}

type Of = (schema: JsonSchema, depth: number) => fc.Arbitrary<unknown>;

function typed(schema: JsonSchema, depth: number, of: Of): fc.Arbitrary<unknown> {
  const type = [schema.type].flat()[0];
  return type === undefined ? fc.jsonValue({ maxDepth: 2 }) : BY_TYPE[type]!(schema, depth, of);
}

const BY_TYPE: Record<string, (schema: JsonSchema, depth: number, of: Of) => fc.Arbitrary<unknown>> = {
  object: objects,
  array: ({ items = {}, minItems = 0, maxItems = 4 }, depth, of) => {
    const most = depth > MAX_DEPTH ? minItems : Math.min(maxItems, 4);
    return fc.array(of(items, depth + 1), { minLength: Math.min(minItems, most), maxLength: most });
  },
  integer: ({ minimum = -1e9, maximum = 1e9 }) => fc.integer({ min: Math.max(minimum, -1e9), max: Math.min(maximum, 1e9) }),
  number: ({ minimum = -1e9, maximum = 1e9 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  string: texts,
};

function objects({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number, of: Of): fc.Arbitrary<unknown> {
  const wanted = Object.entries(properties).filter(([name]) => depth <= MAX_DEPTH || required.includes(name));
  const members = fc.record(Object.fromEntries(wanted.map(([name, schema]) => [name, of(schema, depth + 1)])), { requiredKeys: required });
  if (typeof additionalProperties !== 'object' || depth > MAX_DEPTH) return members;
  const more = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), of(additionalProperties, depth + 1), { maxKeys: 3 });
  return fc.tuple(more, members).map(([others, own]) => ({ ...others, ...own }));
}

function texts({ format, minLength = 0, maxLength = 20 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'date') return fc.constantFrom('2004-01-02', '2011-02-28', '1900-01-01');
  if (format === 'uri') return fc.webUrl();
  return fc.oneof(
    fc.string({ minLength, maxLength: Math.min(Math.max(maxLength, minLength), 40), unit: 'binary' }),
    fc.constantFrom('1d', 'AAPL', 'sample', 'sma(close, 5)'),
  );
}

export interface GeneratedRequest {
  operation: Operation;
  request: Omit<InjectOptions, 'payload'> & { url: string; payload?: string };
}

type Ids = (path: string, method: string) => readonly string[];

/** Requests to all operations of a document; `ids` gives what there really is for a parameter of a path. */
export function requestsTo({ paths, components }: OpenApiDocument, ids: Ids): fc.Arbitrary<GeneratedRequest> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestTo({ path, method, operation }, components.schemas, ids)),
  );
  return fc.oneof(...operations);
}

interface Target {
  path: string;
  method: string;
  operation: Operation;
}

function requestTo(
  { path, method, operation }: Target,
  schemas: OpenApiDocument['components']['schemas'],
  ids: Ids,
): fc.Arbitrary<GeneratedRequest> {
  const parameters = operation.parameters ?? [];
  const valueOf = ({ in: where, schema }: (typeof parameters)[number]): fc.Arbitrary<unknown> =>
    where === 'path'
      ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids(path, method)) }, { weight: 1, arbitrary: valuesOf(schema, schemas) })
      : valuesOf(schema, schemas);
  const isOptional = (name: string): boolean => parameters.find((each) => each.name === name)?.required !== true;
  const given = fc.record(Object.fromEntries(parameters.map((parameter) => [parameter.name, valueOf(parameter)])), {
    requiredKeys: parameters.map(({ name }) => name).filter((name) => !isOptional(name)),
  });
  const body = bodyOf(operation, schemas);
  return fc.tuple(given, body).map(([values, content]) => {
    const of = (where: string) => parameters.filter((each) => each.in === where && values[each.name] !== undefined);
    const query = new URLSearchParams(of('query').map(({ name }): [string, string] => [name, textOf(values[name])]));
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(values[name]).toWellFormed()) || 'x');
    const headers = Object.fromEntries(of('header').map(({ name }) => [name, headerOf(textOf(values[name]))]));
    return {
      operation,
      request: {
        method: method.toUpperCase(),
        url: `${filled}?${query.toString()}`,
        headers: { ...headers, ...content.headers },
        ...content.body,
      } as GeneratedRequest['request'],
    };
  });
}

function bodyOf(
  { requestBody }: Operation,
  schemas: OpenApiDocument['components']['schemas'],
): fc.Arbitrary<{ headers: object; body: object }> {
  const { schema, example } = requestBody?.content['application/json'] ?? {};
  const json = { 'content-type': 'application/json' };
  const none = fc.constant({ headers: {}, body: {} });
  if (!schema) return none;
  const sound = valuesOf(example === undefined ? schema : { ...schema, examples: [example] }, schemas).map((value) => ({
    headers: json,
    body: { payload: JSON.stringify(value) },
  }));
  const broken = fc.constantFrom('{', '"', '[1,', '{"__proto__":{}}', 'null', '').map((payload) => ({ headers: json, body: { payload } }));
  const foreign = fc
    .constantFrom('text/plain', 'application/xml', 'multipart/form-data; boundary=x')
    .map((type) => ({ headers: { 'content-type': type }, body: { payload: 'x' } }));
  return fc.oneof({ weight: 20, arbitrary: sound }, { weight: 1, arbitrary: broken }, { weight: 1, arbitrary: foreign });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** What HTTP carries in a header: the rest never leaves a client. */
function headerOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
