import { expectNothingLost } from './invariants.ts';
import { expectNothingLeft } from './leftovers.ts';
import { startService, type Service, type ServiceOptions } from './service.ts';

/** Runs a test on a service of its own, and then checks the invariants: whatever was done to it, nothing is lost and nothing is left over. */
export async function underFaults(options: ServiceOptions, test: (service: Service) => Promise<void>): Promise<void> {
  const service = await startService(options);
  try {
    await test(service);
    await expectNothingLost(service);
    await expectNothingLeft(service);
  } finally {
    await service[Symbol.asyncDispose]();
  }
}
