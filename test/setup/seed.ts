import fc from 'fast-check';

/** Property tests draw the same cases each time; another seed (`HOLDFAST_SEED`) draws others. A failure prints its own. */
fc.configureGlobal({ seed: Number(process.env.HOLDFAST_SEED ?? 20_261_123) });
