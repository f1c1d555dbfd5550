import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { HoldfastError } from '../shared/errors.ts';

const FOLDER = path.join(import.meta.dirname, 'sqlite-schema');

/** Each file is written once and never changed: a later version adds one. `PRAGMA user_version` counts those that were done. */
const STEPS = readdirSync(FOLDER)
  .sort()
  .map((file) => readFileSync(path.join(FOLDER, file), 'utf8'));

/** Brings the file to the newest schema. Safe when several processes open a new file at once. */
export function migrate(db: DatabaseSync): void {
  if (schemaVersion(db) === STEPS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(db);
    if (version > STEPS.length) {
      throw new HoldfastError(
        'store_unavailable',
        `The row store has schema ${version}, this program knows ${STEPS.length}: update the program`,
      );
    }
    for (const step of STEPS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${STEPS.length}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}
