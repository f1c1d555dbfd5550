import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { ServiceConfig } from '../../shared/service-config.ts';
import type { ApiConfig } from '../config.ts';

type SignInConfig = Pick<ApiConfig, 'API_TOKEN' | 'SUPABASE_URL' | 'SUPABASE_PUBLISHABLE_KEY'>;

/** How to sign in: the one thing below `/v1` that anyone may ask. To be added before the guard. */
export function serviceConfig({ API_TOKEN: token, SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: publishableKey }: SignInConfig) {
  const answer: ServiceConfig = {
    signIn: url !== undefined ? 'supabase' : token !== undefined ? 'token' : 'none',
    supabase: url !== undefined && publishableKey !== undefined ? { url, publishableKey } : null,
  };
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = { tags: ['service'], summary: 'How to sign in', security: [], response: { 200: ServiceConfig } };
    app.get('/v1/config', { schema }, () => Promise.resolve(answer));
  };
}
