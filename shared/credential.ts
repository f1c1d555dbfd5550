import * as z from 'zod';
import { shortText } from './short-text.ts';

const SCOPES = ['read', 'write'] as const;
/** What a bearer may do: read, or also change. */
export type Scope = (typeof SCOPES)[number];

const DAY_HOURS = 24;

export const TokenSpec = z.strictObject({
  name: shortText(100).describe('What it is for'),
  scopes: z.array(z.enum(SCOPES)).min(1).max(2).default(['read']).describe('read: look only; write: also submit and steer'),
  expiresInDays: z.int().min(1).max(366).default(90),
});

/** A personal access token, for programs. */
export const Token = z.object({
  id: z.uuid(),
  name: z.string(),
  start: z.string().describe('Its first characters, by which you tell it apart'),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
});
export type Token = z.infer<typeof Token>;

export const TokenWithSecret = Token.extend({ secret: z.string().describe('Shown this once: send it as "Authorization: Bearer …"') });

export const ShareSpec = z.strictObject({
  run: z.uuid().describe('The run that the link reads'),
  expiresInHours: z
    .int()
    .min(1)
    .max(90 * DAY_HOURS)
    .default(7 * DAY_HOURS),
});

/** A link by which anyone may read one run until it expires. */
export const Share = z.object({
  id: z.uuid(),
  run: z.uuid(),
  start: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
});
export type Share = z.infer<typeof Share>;

export const ShareWithSecret = Share.extend({
  secret: z.string().describe('Shown this once: add it to the address of whatever belongs to the run, as ?share=…'),
  url: z.string().describe('The report of the run, for a browser'),
});

export const Ticket = z.object({
  ticket: z.string().describe('Opens one event stream: add it to its address, as ?ticket=…'),
  expiresAt: z.iso.datetime(),
});
