const LOOPBACK = /^(localhost|::1|127(\.\d{1,3}){3})$/;

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
