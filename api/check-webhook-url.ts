import { HoldfastError } from '../shared/errors.ts';
import { isPublicAddress, literalAddress } from '../webhooks/public-addresses.ts';

/** Fails with `invalid_request` for an address that is never sent to. Names are looked up at each try, when it counts. */
export function checkWebhookUrl(text: string, reach: 'public' | 'any'): void {
  const url = new URL(text);
  const address = literalAddress(url);
  const faults: string[] = [];
  if (url.username !== '' || url.password !== '') faults.push('leave out the user and password: messages are signed instead');
  if (reach === 'public' && url.protocol !== 'https:') faults.push('begin with https:');
  if (reach === 'public' && address !== null && !isPublicAddress(address)) faults.push('is no address of the public internet');
  if (faults.length === 0) return;
  throw new HoldfastError('invalid_request', 'Nothing could be sent to this webhook.', {
    faults: faults.map((message) => ({ path: 'url', message })),
  });
}
