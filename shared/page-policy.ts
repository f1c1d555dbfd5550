/** Name of the `meta` by which a page of another origin knows the address of the API. */
export const API_META = 'holdfast-api';

/** The scripts that stand in a page, as they are hashed. */
export function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
}

/**
 * Content-Security-Policy of the page. Nothing runs that is not its own, and nothing is sent to other origins than `connect`. `scripts` are SHA-256 in base64 of
 * those that stand in it: an export has no server that could give each answer a nonce. Styles may stand in elements: charts and lists place what they draw.
 */
export function pagePolicy(scripts: readonly string[], connect: readonly string[]): string {
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...scripts.map((hash) => `'sha256-${hash}'`)],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...connect],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(rules)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');
}
