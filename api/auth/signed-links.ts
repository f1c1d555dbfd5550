import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiConfig } from '../config.ts';

/** The parameter of an address that holds the signature. */
const PARAMETER = 'link';
const FORM = /^([A-Za-z0-9._-]{1,100})\.(\d{1,10})\.([A-Za-z0-9_-]{43})$/;

export type LinkConfig = Pick<ApiConfig, 'HOLDFAST_LINK_SECRET' | 'SUPABASE_SECRET_KEY' | 'API_TOKEN'>;

export interface LinkSigner {
  /** An address of the API that anyone may GET until then, as its owner would. */
  sign(owner: string, address: string, expiresAt: number): string;
  /** Whose address this is; null when it was altered, or its time has passed. */
  ownerOf(address: string, now: number): string | null;
}

/**
 * Signs addresses: what is signed is the path with its query, the owner and the time, so that a link is good for one file and needs no row. All processes
 * of a service must have the same secret: the one that is set, or one made of another secret that they share. Without any, links end with the process.
 */
export function createLinkSigner({ HOLDFAST_LINK_SECRET, SUPABASE_SECRET_KEY, API_TOKEN }: LinkConfig): LinkSigner {
  const shared = HOLDFAST_LINK_SECRET ?? SUPABASE_SECRET_KEY ?? API_TOKEN ?? randomBytes(32);
  const key = Buffer.from(hkdfSync('sha256', shared, '', 'holdfast signed links', 32));
  const signatureOf = (owner: string, address: string, seconds: string): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([owner, seconds, address]))
      .digest();

  return {
    sign(owner, address, expiresAt) {
      const seconds = String(Math.floor(expiresAt / 1_000));
      const signature = signatureOf(owner, address, seconds).toString('base64url');
      return `${address}${address.includes('?') ? '&' : '?'}${PARAMETER}=${owner}.${seconds}.${signature}`;
    },
    ownerOf(given, now) {
      const [address, link] = split(given);
      const [, owner, seconds, signature] = FORM.exec(link) ?? [];
      if (owner === undefined || seconds === undefined || signature === undefined) return null;
      if (!timingSafeEqual(Buffer.from(signature, 'base64url'), signatureOf(owner, address, seconds))) return null;
      return Number(seconds) * 1_000 > now ? owner : null;
    },
  };
}

/** The address as it was signed, and the signature, which is at its end. */
function split(given: string): [address: string, link: string] {
  const at = given.lastIndexOf(`${PARAMETER}=`);
  return at < 1 ? [given, ''] : [given.slice(0, at - 1), given.slice(at + PARAMETER.length + 1)];
}
