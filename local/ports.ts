import { createServer } from 'node:net';

/** A TCP port on which nothing listens right now. */
export async function freePort(host: string): Promise<number> {
  return listenOnce(host, 0);
}

/** Null when the port can be listened on, else the code of the error (`EADDRINUSE`, `EACCES`, …). */
export async function whyPortIsTaken(host: string, port: number): Promise<string | null> {
  return listenOnce(host, port).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}

async function listenOnce(host: string, port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}
