import * as z from 'zod';

/** Among the links of what the page can show. */
export const PageLink = z
  .string()
  .nullable()
  .describe('Where the page shows it: a path of this service, or an address where another host serves the page; null where none does');
