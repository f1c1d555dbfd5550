import type { Scope } from '../../shared/credential.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';

/** Who sends a request, and what they may do. */
export interface Identity {
  /** Whose runs they see. */
  owner: string;
  /** By what they are known: nothing at all on loopback, the operator's API_TOKEN, a session of Supabase, a secret that an owner made, or an address that was signed for them. */
  by: 'embedded' | 'api-token' | 'session' | 'token' | 'share' | 'ticket' | 'link';
  scopes: readonly Scope[];
  /** The one run that they may read; null for all of the owner's. */
  runId: string | null;
  plan: string | null;
  isAdmin: boolean;
}

/** Of a service that only its machine reaches, and of the holder of API_TOKEN: one owner, who is also its operator. */
export function soleOwner(by: 'embedded' | 'api-token'): Identity {
  return { owner: EMBEDDED_OWNER, by, scopes: ['read', 'write'], runId: null, plan: null, isAdmin: true };
}
