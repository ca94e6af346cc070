export const OPERATOR_ERRORS = [
  'top_up_unknown',
  'top_up_settled',
  'top_up_in_flight',
  'already_retried',
  'not_retryable',
  'cancel_requested',
  'not_resumable',
  'mail_unknown',
  'mail_not_replayable',
  'finding_unknown',
  'idempotency_conflict',
] as const;

/** What a person asked for must not be done as things stand; nothing was changed. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly code: (typeof OPERATOR_ERRORS)[number];
  readonly detail: string;

  constructor(code: OperatorError['code'], detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}
