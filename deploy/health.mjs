// Whether the process of this container is alive; with the argument `ready` whether it can do its work. For health checks: exits with 0 or 1.
const page = process.argv[2] === 'ready' ? 'readyz' : 'healthz';
const port = process.env.HOLDFAST_MONITOR_PORT ?? '9400';
try {
  const answer = await fetch(`http://127.0.0.1:${port}/${page}`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) process.stderr.write(`${await answer.text()}\n`);
  process.exit(answer.ok ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
