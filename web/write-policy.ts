import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inlineScripts, pagePolicy } from '../shared/page-policy.ts';

/**
 * For a host of plain files, such as Vercel: writes into each page of the export what the API sends as a header. NEXT_PUBLIC_API_URL and SUPABASE_URL name the origins that
 * scripts may ask.
 */
const OUT = path.join(import.meta.dirname, 'out');
const connect = [process.env.NEXT_PUBLIC_API_URL, process.env.SUPABASE_URL].flatMap((url) => (url ? [new URL(url).origin] : []));

for (const file of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.html')) continue;
  const at = path.join(OUT, file);
  const html = readFileSync(at, 'utf8');
  const hashes = inlineScripts(html).map((script) => createHash('sha256').update(script).digest('base64'));
  const policy = pagePolicy([...new Set(hashes)], connect).replace(/; frame-ancestors [^;]*/, ''); // means nothing here: X-Frame-Options says it
  writeFileSync(at, html.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`));
}
