import * as z from 'zod';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  );

/** Settings that say who may use the service, and how much. */
export const ACCESS_SETTINGS = {
  API_TOKEN: z
    .string()
    .min(16, 'give it at least 16 characters')
    .optional()
    .describe('Of the sole owner: /v1 requests must then carry it as a bearer token'),
  SUPABASE_PUBLISHABLE_KEY: z.string().min(1).optional().describe('Of the project: with it the page signs users in. No secret'),
  SUPABASE_JWT_SECRET: z
    .string()
    .min(32, 'a secret for HS256 has at least 32 characters')
    .optional()
    .describe('Of a project that signs sessions with HS256 still'),
  SUPABASE_JWT_ISSUER: z
    .url()
    .optional()
    .describe('Who issues sessions, where it is not SUPABASE_URL/auth/v1: behind another address than users see'),
  SUPABASE_JWT_AUDIENCE: z.string().min(1).default('authenticated').describe('For whom sessions must be'),
  HOLDFAST_ADMINS: list.pipe(z.array(z.uuid())).describe('Ids of users who are operators, beside those whose app_metadata.role is admin'),
  HOLDFAST_ORIGINS: list
    .pipe(
      z.array(
        z.string().regex(/^https?:\/\/[A-Za-z0-9.*-]+(:\d+)?$/, 'write origins: https://app.example.com, or https://app-*.example.com'),
      ),
    )
    .describe('Pages that may call the API from a browser, separated by commas; * stands for a part of a name without a dot'),
  HOLDFAST_LINK_SECRET: z
    .string()
    .min(32, 'give it at least 32 characters')
    .optional()
    .describe('Signs links to files; without it one is made of SUPABASE_SECRET_KEY or API_TOKEN, or for the time that the process lasts'),
  HOLDFAST_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(1_200)
    .describe('Of each owner who signs in, to each API process'),
  HOLDFAST_OVERLOAD_MS: z.coerce
    .number()
    .int()
    .min(50)
    .default(1_000)
    .describe('Requests are refused with 503 while each waits longer than this'),
};
