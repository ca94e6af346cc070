/** A step of a top-up that must not be taken: repeating it would not help, so it is a bug or a wrong id. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: 'top_up_unknown' | 'top_up_unpaid' | 'invoice_differs' | 'attempt_out_of_order';

  constructor(code: LedgerError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}
