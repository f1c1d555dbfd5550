import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleOptions, Runtime, bundleWorkflowCode } from '@temporalio/worker';

const PROJECT = join(import.meta.dirname, '..');
const CACHE = join(PROJECT, 'node_modules/.cache/holdfast');
const TRACING = fileURLToPath(import.meta.resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'));
/** All that the bundle may contain, and what decides which versions it is made with. */
const SOURCES = ['workflows', 'shared'];
const LOCKFILE = 'package-lock.json';

interface BundleSettings {
  heartbeatSeconds: number;
  /** With the interceptors that make spans in workflows. */
  isTraced?: boolean;
}

type Webpack = ReturnType<NonNullable<BundleOptions['webpackConfigHook']>>;

/**
 * The workflows as one script, with the worker's settings as constants in it, since workflows read none themselves. Bundling takes over a
 * second, so the script is kept under a hash of what went into it.
 */
export async function workflowBundle({ heartbeatSeconds, isTraced = false }: BundleSettings): Promise<{ code: string }> {
  const file = join(CACHE, `workflows-${sourceHash()}-${heartbeatSeconds}${isTraced ? '-traced' : ''}.cjs`);
  const cached = readOrNull(file);
  if (cached !== null) return { code: cached };
  const withConstants = (webpack: Webpack): Webpack => ({
    ...webpack,
    plugins: [
      ...(webpack.plugins ?? []),
      (compiler) => new compiler.webpack.DefinePlugin({ HEARTBEAT_SECONDS: String(heartbeatSeconds) }).apply(compiler),
    ],
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(PROJECT, 'workflows/index.ts'),
    webpackConfigHook: withConstants,
    workflowInterceptorModules: isTraced ? [TRACING] : [],
    logger: Runtime.instance().logger,
  });
  keep(file, code);
  return { code };
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const file of readdirSync(join(PROJECT, folder)).sort()) {
      if (!file.endsWith('.test.ts')) hash.update(file).update(readFileSync(join(PROJECT, folder, file)));
    }
  }
  return hash
    .update(readOrNull(join(PROJECT, LOCKFILE)) ?? '')
    .digest('hex')
    .slice(0, 16);
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Whole or not at all, since several workers may start at once; a folder that cannot be written only costs the next start a second. */
function keep(file: string, code: string): void {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(temporary, code);
    renameSync(temporary, file);
  } catch {
    return;
  }
}
