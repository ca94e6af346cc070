/** A mail was not, or not certainly, handed over: a fault, in contrast to a rejection by the recipient's side. */
class MailerError extends Error {
  override readonly name: string = 'MailerError';
}

/** The mail may have been accepted: look it up before any second send. */
export class MailerAmbiguousError extends MailerError {
  override readonly name = 'MailerAmbiguousError';
}

/** Nothing was sent; the same call may succeed after `retryAfterMs`. */
export class MailerRetryableError extends MailerError {
  override readonly name = 'MailerRetryableError';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Nothing was sent, and nothing will be until a person mends the configuration or the mail's content. */
export class MailerMisconfiguredError extends MailerError {
  override readonly name = 'MailerMisconfiguredError';
}
