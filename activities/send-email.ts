import type { Policy } from '../domain/policy.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { renderEmail } from './emails/render-notification.ts';
import { MailerMisconfiguredError, MailerRetryableError } from './mailer-errors.ts';
import type { Notifications, SendOutcome } from './ports.ts';
import { readerOf } from './reader.ts';

type Dependencies = Pick<
  ActivityDependencies,
  'accounts' | 'notifications' | 'mailer' | 'policy' | 'creditsUrl' | 'atStep'
>;

type Delivery = NonNullable<Awaited<ReturnType<Notifications['readDelivery']>>>;
type SendingResult = Parameters<Notifications['finishSending']>[1];

const LOOK_UPS_WITHIN_LAG = 6;

/** Sends the mail of a notification. Postmark has no idempotency keys: after an answer that was lost, the mail is
 *  looked up before it is sent again. A second one is possible only when the first was accepted and still cannot
 *  be found after a minute; the delivery then says `ambiguous`.
 *  @throws MailerError while it is not settled; the activity is repeated. */
export function createSendEmail(dependencies: Dependencies) {
  const { notifications, atStep } = dependencies;
  return async ({ deliveryId }: { deliveryId: string }): Promise<void> => {
    const delivery = await notifications.readDelivery(deliveryId);
    if (delivery === null || (delivery.status !== 'pending' && delivery.status !== 'sending')) return;
    const ambiguous = delivery.status === 'sending';
    const found = ambiguous ? await findHandedOver(delivery, dependencies) : null;
    const result = found ?? (await handOver(delivery, dependencies));
    await notifications.finishSending(deliveryId, resultOf(result, ambiguous && found === null));
    atStep('email.recorded');
  };
}

/** Looks for a mail whose hand-over had no answer.
 *  @returns null when it was certainly not accepted, or cannot be found for longer than the search lags.
 *  @throws MailerRetryableError as long as it may still turn up. */
async function findHandedOver(
  { deliveryId, sendingForMs }: Delivery,
  { mailer, policy }: Dependencies,
): Promise<SendOutcome | null> {
  const found = await mailer.find(deliveryId);
  if (found !== null) return { status: 'sent', messageId: found.messageId };
  if ((sendingForMs ?? 0) >= policy.mailSearchLagMs) return null;
  throw new MailerRetryableError(`${deliveryId} may be on its way: looked up again`, lookUpPauseMs(policy));
}

async function handOver(delivery: Delivery, dependencies: Dependencies): Promise<SendOutcome> {
  const { accounts, notifications, mailer, creditsUrl, atStep } = dependencies;
  const { deliveryId, accountId, notice, to } = delivery;
  const profile = await accounts.readProfile(accountId);
  const mail = await renderEmail(notice, readerOf(profile), { creditsUrl });
  const attempt = delivery.attempts + 1;
  if (!(await notifications.beginSending(deliveryId, attempt))) {
    throw new MailerRetryableError(
      `${deliveryId} is being sent by another worker`,
      lookUpPauseMs(dependencies.policy),
    );
  }
  atStep('email.begun');
  const metadata = { delivery_id: deliveryId, account_id: accountId };
  try {
    const outcome = await mailer.send({ ...mail, deliveryId, to, tag: notice.kind, metadata });
    atStep('email.accepted');
    return outcome;
  } catch (error) {
    const isNotSent = error instanceof MailerRetryableError || error instanceof MailerMisconfiguredError;
    if (isNotSent) await notifications.notSent(deliveryId, attempt);
    throw error;
  }
}

function lookUpPauseMs({ mailSearchLagMs }: Pick<Policy, 'mailSearchLagMs'>): number {
  return mailSearchLagMs / LOOK_UPS_WITHIN_LAG;
}

function resultOf(outcome: SendOutcome, ambiguous: boolean): SendingResult {
  if (outcome.status === 'sent') return { status: 'sent', messageId: outcome.messageId, ambiguous };
  return { status: 'rejected', detail: `${outcome.reason}: ${outcome.detail}` };
}

/** Gives a mail up that could not be sent in time: a dead letter, which operators see. */
export function createAbandonEmail({ notifications }: Pick<Dependencies, 'notifications'>) {
  return async ({ deliveryId }: { deliveryId: string }): Promise<void> => {
    const delivery = await notifications.readDelivery(deliveryId);
    if (delivery === null || (delivery.status !== 'pending' && delivery.status !== 'sending')) return;
    await notifications.finishSending(deliveryId, { status: 'dead', detail: 'not accepted within 24 hours' });
  };
}
