import type { Reader } from './emails/language.ts';
import type { AccountProfile } from './ports.ts';

/** For whom an account's texts are written. */
export function readerOf({ locale, timeZone, name }: AccountProfile): Reader {
  return { locale, timeZone, accountName: name };
}
