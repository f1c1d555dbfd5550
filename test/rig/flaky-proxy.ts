import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type Weather =
  /** Everything passes. */
  | 'fair'
  /** Open connections are reset, new ones too. */
  | 'cut'
  /** Connections stay open and new ones are taken, but no byte passes: what a host that vanished looks like. */
  | 'half-open'
  /** Each packet takes 300 ms. */
  | 'slow'
  /** As slow, and each packet may end its connection. */
  | 'lossy';

/** A network between processes and a server on loopback, whose weather a test makes. */
export interface FlakyProxy extends AsyncDisposable {
  readonly address: string;
  become(weather: Weather): void;
}

const DELAY_MS = 300;
/** TCP itself would send a lost packet again; to a program a loss that lasts is the end of its connection. */
const LOSS = 0.02;
const FROZEN_LOOK_MS = 50;

/** A TCP proxy to `target` (`host:port`); `random` decides which packets are lost. */
export async function startFlakyProxy(target: string, random: () => number): Promise<FlakyProxy> {
  const [host, port] = target.split(':');
  const pairs = new Set<() => void>();
  let weather: Weather = 'fair';

  const server = createServer((near) => {
    const far = connect(Number(port), host);
    const reset = (): void => {
      pairs.delete(reset);
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    pairs.add(reset);
    if (weather === 'cut') return reset();
    pass(near, far, reset);
    pass(far, near, reset);
  });

  function pass(from: Socket, to: Socket, reset: () => void): void {
    let line = Promise.resolve();
    const send = async (packet: Uint8Array, due: number): Promise<void> => {
      await delay(Math.max(0, due - performance.now()));
      while (weather === 'half-open') await delay(FROZEN_LOOK_MS);
      if (weather === 'lossy' && random() < LOSS) reset();
      else if (to.writable) to.write(packet);
    };
    from.on('data', (packet: Uint8Array) => {
      const due = performance.now() + (weather === 'slow' || weather === 'lossy' ? DELAY_MS : 0);
      line = line.then(() => send(packet, due));
    });
    from.on('end', () => void line.then(() => to.end()));
    from.on('error', reset).on('close', () => pairs.delete(reset));
  }

  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next) {
      weather = next;
      if (next === 'cut') for (const reset of pairs) reset();
    },
    async [Symbol.asyncDispose]() {
      weather = 'cut';
      for (const reset of pairs) reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
