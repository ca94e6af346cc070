import type { ActivityDependencies } from './create-activities.ts';
import { renderEmail } from './emails/render-notification.ts';
import { MailerAmbiguousError, MailerMisconfiguredError, MailerRetryableError } from './mailer-errors.ts';
import { readerOf } from './reader.ts';

type Dependencies = Pick<
  ActivityDependencies,
  'accounts' | 'notifications' | 'mailer' | 'policy' | 'creditsUrl' | 'atStep'
>;

const LOOK_UPS_WITHIN_LAG = 6;

/** Sends the mail of a notification. Postmark has no idempotency keys: after an answer that was lost, the mail is
 *  looked up before it is sent again. A second one is possible only when the first was accepted and still cannot
 *  be found after a minute; the delivery then says `ambiguous`.
 *  @throws MailerError while it is not settled; the activity is repeated. */
export function createSendEmail(dependencies: Dependencies) {
  const { notifications, mailer, policy, atStep } = dependencies;
  return async ({ deliveryId }: { deliveryId: string }): Promise<void> => {
    const delivery = await notifications.readDelivery(deliveryId);
    if (delivery === null || (delivery.status !== 'pending' && delivery.status !== 'sending')) return;
    const ambiguous = delivery.status === 'sending';
    if (ambiguous) {
      const found = await mailer.find(deliveryId);
      if (found !== null) return recordSent(found.messageId, false);
      if ((delivery.sendingForMs ?? 0) < policy.mailSearchLagMs) {
        const againInMs = policy.mailSearchLagMs / LOOK_UPS_WITHIN_LAG;
        throw new MailerRetryableError(`${deliveryId} may be on its way: looked up again`, againInMs);
      }
    }
    const profile = await dependencies.accounts.readProfile(delivery.accountId);
    const links = { creditsUrl: dependencies.creditsUrl };
    const mail = await renderEmail(delivery.notice, readerOf(profile), links);
    await notifications.beginSending(deliveryId);
    atStep('email.begun');
    const outcome = await handOver(mail, delivery);
    atStep('email.accepted');
    if (outcome.status === 'sent') return recordSent(outcome.messageId, ambiguous);
    const detail = `${outcome.reason}: ${outcome.detail}`;
    await notifications.finishSending(deliveryId, { status: 'rejected', detail });

    async function recordSent(messageId: string, sentTwice: boolean): Promise<void> {
      const result = { status: 'sent' as const, messageId, ambiguous: sentTwice };
      await notifications.finishSending(deliveryId, result);
      atStep('email.recorded');
    }
  };

  async function handOver(
    mail: { subject: string; html: string; text: string },
    {
      deliveryId,
      to,
      notice,
      accountId,
    }: { deliveryId: string; to: string; notice: { kind: string }; accountId: string },
  ) {
    const metadata = { delivery_id: deliveryId, account_id: accountId };
    try {
      return await mailer.send({ ...mail, deliveryId, to, tag: notice.kind, metadata });
    } catch (error) {
      const isNotSent = error instanceof MailerRetryableError || error instanceof MailerMisconfiguredError;
      if (isNotSent && !(error instanceof MailerAmbiguousError)) await notifications.notSent(deliveryId);
      throw error;
    }
  }
}

/** Gives a mail up that could not be sent in time: a dead letter, which operators see. */
export function createAbandonEmail({ notifications }: Pick<Dependencies, 'notifications'>) {
  return async ({ deliveryId }: { deliveryId: string }): Promise<void> => {
    const delivery = await notifications.readDelivery(deliveryId);
    if (delivery === null || (delivery.status !== 'pending' && delivery.status !== 'sending')) return;
    await notifications.finishSending(deliveryId, { status: 'dead', detail: 'not accepted within 24 hours' });
  };
}
