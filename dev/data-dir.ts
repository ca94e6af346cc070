import { join } from 'node:path';

/** The folder that the local stack keeps everything in: `.data`, unless DATA_DIR names another. Deleting it
 *  starts with nothing. */
export function inDataDir(...path: readonly string[]): string {
  return join(process.env['DATA_DIR'] || '.data', ...path);
}
