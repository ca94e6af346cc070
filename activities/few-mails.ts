import { MailerRetryableError } from './mailer-errors.ts';

/** Of the 100 activities that a worker runs at once: a mail server that hangs leaves the others to charges. */
const MAILS_AT_ONCE = 40;
/** As long as a mail is waited for. */
const LATER_MS = 10_000;

/** Lets a few mails be handed over at a time; the others come again later and keep no place of an activity until then.
 *  @throws MailerRetryableError for those that come again; nothing was sent. */
export function fewMailsAtOnce<Input>(
  send: (input: Input) => Promise<void>,
): (input: Input) => Promise<void> {
  let underWay = 0;
  return async (input) => {
    if (underWay >= MAILS_AT_ONCE) {
      throw new MailerRetryableError(`${underWay} other mails are being handed over: later`, LATER_MS);
    }
    underWay += 1;
    try {
      await send(input);
    } finally {
      underWay -= 1;
    }
  };
}
