/** No such account, or a time zone that PostgreSQL does not know. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
  readonly code: 'account_unknown' | 'time_zone_unknown';

  constructor(code: AccountError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
