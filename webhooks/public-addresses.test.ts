import { describe, expect, it } from 'vitest';
import { isPublicAddress, literalAddress, lookupPublic } from './public-addresses.ts';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('is true for %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine', '127.8.9.1'],
    ['this machine', '::1'],
    ['any address', '0.0.0.0'],
    ['any address', '::'],
    ['a private network', '10.1.2.3'],
    ['a private network', '172.16.0.1'],
    ['a private network', '192.168.1.1'],
    ['a private network', 'fd00::1'],
    ['a provider’s network', '100.64.0.1'],
    ['a link, where clouds keep credentials', '169.254.169.254'],
    ['a link', 'fe80::1'],
    ['a group', '224.0.0.1'],
    ['a group', 'ff02::1'],
    ['everyone', '255.255.255.255'],
    ['a future use', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarks', '198.18.0.1'],
    ['this machine in IPv6', '::ffff:127.0.0.1'],
    ['this machine in hexadecimal IPv6', '::ffff:7f00:1'],
    ['a private network behind NAT64', '64:ff9b::a01:203'],
    ['a private network behind 6to4', '2002:0a01:0203::1'],
    ['a tunnel', '2001:0:53aa:64c::1'],
    ['nothing', ''],
    ['a name', 'localhost'],
  ])('is false for an address of %s: %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('literalAddress', () => {
  it.each([
    ['http://127.1/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.0.0.1/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://[::1]:4000/', '::1'],
    ['http://127。0。0。1/', '127.0.0.1'],
    ['http://example.com/', null],
  ])('of %s is %s', (url, address) => expect(literalAddress(new URL(url))).toBe(address));
});

describe('lookupPublic', () => {
  it.each([{ all: true }, {}])('refuses a name of this machine (%o)', async (options) => {
    const { promise, resolve } = Promise.withResolvers<Error | null>();
    lookupPublic('localhost', options, (error) => resolve(error));
    expect((await promise)?.message).toMatch(/^localhost has the address (127\.0\.0\.1|::1), which is not one of the public internet$/);
  });
});
