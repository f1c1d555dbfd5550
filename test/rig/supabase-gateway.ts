import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

const REST = '/rest/v1';

export interface GatewayOptions {
  /** Of PostgREST. */
  upstream: string;
  secretKey: string;
  publishableKey: string;
  /** A token that PostgREST takes for a role. */
  roleToken(role: string): Promise<string>;
}

/** In place of the gateway of a Supabase project: takes only its keys, and turns a key that is no token into the token of its role. */
export async function startSupabaseGateway(options: GatewayOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const roles = new Map([
    [options.secretKey, await options.roleToken('service_role')],
    [options.publishableKey, await options.roleToken('anon')],
  ]);
  const server = createServer((incoming, answer) => {
    const authorization = authorize(incoming.headers, roles);
    if (!incoming.url?.startsWith(`${REST}/`) || authorization === null) {
      answer.writeHead(authorization === null ? 401 : 404, { 'content-type': 'application/json' }).end('{"message":"Invalid API key"}');
      return;
    }
    const target = `${options.upstream}${incoming.url.slice(REST.length)}`;
    const forwarded = request(target, { method: incoming.method, headers: { ...incoming.headers, authorization } }, (upstream) => {
      answer.writeHead(upstream.statusCode ?? 502, upstream.headers);
      upstream.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The bearer token of a signed-in user goes through as it is; null without a key of the project. */
function authorize({ apikey, authorization }: IncomingHttpHeaders, roles: ReadonlyMap<string, string>): string | null {
  const ofKey = roles.get(String(apikey));
  if (ofKey === undefined) return null;
  const bearer = authorization?.replace(/^Bearer /i, '');
  return `Bearer ${bearer === undefined || bearer === '' ? ofKey : (roles.get(bearer) ?? bearer)}`;
}
