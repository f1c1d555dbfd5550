import { createHash } from 'node:crypto';
import type { GoogleAuth } from 'google-auth-library';

interface Wanted {
  root: string;
  /** Of the bucket and the object. */
  path: string;
  seconds: number;
  query: Readonly<Record<string, string>>;
  now: Date;
}

/** An address of an object that anyone may GET for a while (https://cloud.google.com/storage/docs/access-control/signing-urls-manually, V4); signed with the key of the account, or by Google where it has none at hand. */
export async function signGcsUrl(
  auth: Pick<GoogleAuth, 'getCredentials' | 'sign'>,
  { root, path, seconds, query, now }: Wanted,
): Promise<string> {
  const { client_email: account } = await auth.getCredentials();
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/auto/storage/goog4_request`;
  const { host } = new URL(root);
  const parameters = Object.entries({
    ...query,
    'X-Goog-Algorithm': 'GOOG4-RSA-SHA256',
    'X-Goog-Credential': `${account}/${scope}`,
    'X-Goog-Date': time,
    'X-Goog-Expires': String(seconds),
    'X-Goog-SignedHeaders': 'host',
  })
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&');
  const place = `/${path.split('/').map(encoded).join('/')}`;
  const canonical = ['GET', place, parameters, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const signature = Buffer.from(await auth.sign(['GOOG4-RSA-SHA256', time, scope, digest].join('\n')), 'base64').toString('hex');
  return `${root}${place}?${parameters}&X-Goog-Signature=${signature}`;
}

/** As RFC 3986 has it: the language's own leaves five characters as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
