import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { API_META, inlineScripts, pagePolicy } from '../shared/page-policy.ts';

/**
 * For a host of plain files, such as Vercel: `prepare-export.ts [folder]` writes into each page of the export where the API is (NEXT_PUBLIC_API_URL), and the policy
 * that the API sends as a header elsewhere. SUPABASE_URL is the other origin that scripts may ask.
 */
const folder = process.argv[2] ?? path.join(import.meta.dirname, 'out');
const { NEXT_PUBLIC_API_URL: api, SUPABASE_URL: project } = process.env;
if (!api || !URL.canParse(api))
  throw new Error('Set NEXT_PUBLIC_API_URL to the address of the API, such as https://holdfast-api.example.com.');
const connect = [api, ...(project ? [project] : [])].map((url) => new URL(url).origin);

for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.html')) continue;
  const at = path.join(folder, file);
  const html = readFileSync(at, 'utf8');
  const hashes = inlineScripts(html).map((script) => createHash('sha256').update(script).digest('base64'));
  const policy = pagePolicy([...new Set(hashes)], connect).replace(/; frame-ancestors [^;]*/, ''); // means nothing here: X-Frame-Options says it
  const told = `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="${API_META}" content="${new URL(api).href}">`;
  writeFileSync(at, html.replace('<head>', `<head>${told}`));
}
