import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Fails a connection to an address that the public internet does not have. */
class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Whether an address is one of the public internet: not of this machine, a private network, a link (169.254.169.254 gives credentials away on most clouds),
 * a documentation or test range, or an IPv4 one of these in the clothes of IPv6.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address); // takes IPv4 out of ::ffff:0:0/96
  // Translations (NAT64, 6to4, Teredo) have ranges of their own names, as have all but those that are handed out.
  return parsed.range() === 'unicast';
}

/** The host of a URL where it is an address rather than a name; null for a name. */
export function literalAddress({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? null : address;
}

/**
 * Resolves a name for a connection that is about to be made, and fails unless every address of it is public. The connection goes to the address that was
 * looked at here: a name that answers otherwise the next time (DNS rebinding) gains nothing.
 */
export const lookupPublic: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    if (refused !== undefined) return callback(privateAddress(name, refused), '');
    const [first] = addresses;
    if (first === undefined) return callback(new Error(`${name} has no address`), '');
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

/** Fails where a URL names an address that is not public: no name is looked up for such a one. */
export function refusePrivateLiteral(url: URL): void {
  const address = literalAddress(url);
  if (address !== null && !isPublicAddress(address)) throw new PrivateAddressError(`${address} is not an address of the public internet`);
}

function privateAddress(name: string, { address }: LookupAddress): Error {
  return new PrivateAddressError(`${name} has the address ${address}, which is not one of the public internet`);
}
