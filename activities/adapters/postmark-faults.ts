import { Errors } from 'postmark';
import { MailerAmbiguousError, MailerMisconfiguredError, MailerRetryableError } from '../mailer-errors.ts';
import type { SendOutcome } from '../ports.ts';

/** Postmark names no time with a 429; its limits are counted by the second and the minute. */
const RATE_LIMIT_PAUSE_MS = 10_000;
const OUTAGE_PAUSE_MS = 5_000;

/** What one HTTP exchange showed beyond what the client's error tells. */
export type Exchange = { retryAfterMs: number | null; neverConnected: boolean };

/** Says what a failed send means.
 *  @returns the rejection when the recipient is at fault.
 *  @throws MailerError otherwise; ambiguous unless Postmark certainly did not take the mail. */
export function rejectionOf(error: unknown, exchange: Exchange): SendOutcome {
  const { status, code, message } = readError(error);
  if (error instanceof Errors.InactiveRecipientsError) {
    return { status: 'rejected', reason: 'inactive_recipient', detail: message };
  }
  if (error instanceof Errors.InvalidEmailRequestError && blamesRecipient(message)) {
    return { status: 'rejected', reason: 'invalid_recipient', detail: message };
  }
  if (status === 429) throw rateLimited(error, exchange);
  if (exchange.neverConnected) {
    throw new MailerRetryableError(`Postmark is out of reach: ${message}`, OUTAGE_PAUSE_MS, { cause: error });
  }
  if (status >= 400 && status < 500 && status !== 408) {
    throw new MailerMisconfiguredError(`Postmark refused the mail (${status}/${code}): ${message}`, {
      cause: error,
    });
  }
  throw new MailerAmbiguousError(`Postmark may have taken the mail (${status}/${code}): ${message}`, {
    cause: error,
  });
}

/** Says what a failed search means. It sent nothing, so it is never ambiguous. */
export function searchFaultOf(
  error: unknown,
  exchange: Exchange,
): MailerRetryableError | MailerMisconfiguredError {
  const { status, code, message } = readError(error);
  if (status === 429) return rateLimited(error, exchange);
  if (status >= 400 && status < 500 && status !== 408) {
    return new MailerMisconfiguredError(`Postmark refused the search (${status}/${code}): ${message}`, {
      cause: error,
    });
  }
  return new MailerRetryableError(
    `Postmark did not answer the search (${status}/${code}): ${message}`,
    OUTAGE_PAUSE_MS,
    { cause: error },
  );
}

/** Status 0 stands for an exchange without a whole answer: a time-out, a reset, a body that stalled. */
function readError(error: unknown): { status: number; code: number; message: string } {
  if (error instanceof Errors.PostmarkError) {
    return { status: error.statusCode, code: error.code, message: error.message };
  }
  return { status: 0, code: 0, message: error instanceof Error ? error.message : String(error) };
}

function rateLimited(error: unknown, exchange: Exchange): MailerRetryableError {
  return new MailerRetryableError('Postmark limits the rate', exchange.retryAfterMs ?? RATE_LIMIT_PAUSE_MS, {
    cause: error,
  });
}

/** Code 300 covers every field; only the recipient's is the customer's to mend. */
function blamesRecipient(message: string): boolean {
  return message.includes("'To'") || message.includes('Zero recipients');
}
