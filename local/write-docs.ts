import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './config.ts';
import { PAGES } from './docs/pages.ts';

for (const [file, page] of Object.entries(PAGES)) writeFileSync(path.join(PROJECT, file), page());
