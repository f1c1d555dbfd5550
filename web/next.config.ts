import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The same files for both homes of the page: the API serves them at its own address, and Vercel at another. */
const config: NextConfig = {
  output: 'export',
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  turbopack: { root },
  outputFileTracingRoot: root,
};
export default config;
