import * as z from 'zod';

/** What a page must know before anyone has signed in. */
export const ServiceConfig = z.object({
  signIn: z
    .enum(['none', 'token', 'supabase'])
    .describe('none: whoever reaches it is the owner; token: send API_TOKEN as a bearer token; supabase: by a session of the project'),
  supabase: z
    .object({ url: z.string(), publishableKey: z.string().describe('What a browser shows the project; no secret') })
    .nullable()
    .describe('The project that users sign in to; null without one, and where SUPABASE_PUBLISHABLE_KEY is not set'),
});
export type ServiceConfig = z.infer<typeof ServiceConfig>;
