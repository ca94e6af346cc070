import type { NoticeRequest } from '../domain/commands.ts';
import type { AccountId } from '../domain/ids.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { notificationText } from './emails/render-notification.ts';
import { readerOf } from './reader.ts';
import { webhookMessage } from './webhooks/webhook-payload.ts';

type Dependencies = Pick<ActivityDependencies, 'accounts' | 'notifications' | 'platformListens' | 'atStep'>;

/** Puts a notification on the dashboard, and its mail and webhook in line, once per crossing or outcome.
 *  @returns the mail to send; null when this has been told already. */
export function createNotifyCustomer({ accounts, notifications, platformListens, atStep }: Dependencies) {
  return async ({
    accountId,
    request,
  }: {
    accountId: AccountId;
    request: NoticeRequest;
  }): Promise<{ deliveryId: string } | null> => {
    const profile = await accounts.readProfile(accountId);
    const notice = await notifications.compose(accountId, request);
    const text = notificationText(notice, readerOf(profile));
    const webhook = platformListens === true ? webhookMessage(accountId, notice, Date.now()) : null;
    const recorded = await notifications.record(accountId, request, notice, { ...text, webhook });
    atStep('notify.recorded');
    return recorded;
  };
}
