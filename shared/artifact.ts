import * as z from 'zod';

/** A reference to an immutable file in the artifact store, or to a part of one. Bars, curves and trades travel through Temporal only as this. */
export const ArtifactRef = z.strictObject({
  uri: z.string().describe('Address of the file inside the artifact store: <scope>/<sha256>'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative().describe('Rows of the table in it; 0 where it holds none'),
  from: z.int().nonnegative().optional().describe('Of a part: its first byte in a file that holds others, too. Hash and bytes are its own'),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;
