import { Counter, type Registry } from 'prom-client';
import type { Ports } from '../../activities/ports.ts';

/** The same ports; how often bars were found in the cache and how many bytes metered sources have been asked to scan is counted on the way. */
export function measurePorts(ports: Ports, registry: Registry): Ports {
  const registers = [registry];
  const lookups = new Counter({
    name: 'holdfast_dataset_lookups_total',
    help: 'Looks for the dataset of a run; hit: it was there',
    labelNames: ['outcome'],
    registers,
  });
  const bytes = new Counter({
    name: 'holdfast_scan_bytes_total',
    help: 'Bytes of metered sources that were booked to be scanned',
    registers,
  });
  const refused = new Counter({ name: 'holdfast_scans_refused_total', help: 'Scans that an owner had no quota for', registers });
  const { marketData, results } = ports;

  const measured: Pick<Ports, 'marketData' | 'results'> = {
    marketData: {
      of(owner) {
        const own = marketData.of(owner);
        return {
          ...own,
          async cached(spec) {
            const found = await own.cached(spec);
            lookups.inc({ outcome: found === null ? 'miss' : 'hit' });
            return found;
          },
        };
      },
    },
    results: {
      ...results,
      async bookScan(booking) {
        const booked = await results.bookScan(booking);
        if (booked.outcome === 'booked') bytes.inc(booking.bytes);
        else refused.inc();
        return booked;
      },
    },
  };
  return { ...ports, ...measured };
}
