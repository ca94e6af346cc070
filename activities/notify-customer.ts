import type { NoticeRequest } from '../domain/commands.ts';
import type { AccountId } from '../domain/ids.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { notificationText } from './emails/render-notification.ts';
import { readerOf } from './reader.ts';

type Dependencies = Pick<ActivityDependencies, 'accounts' | 'notifications' | 'atStep'>;

/** Puts a notification on the dashboard and its mail in line, once per crossing or outcome.
 *  @returns the mail to send; null when this has been told already. */
export function createNotifyCustomer({ accounts, notifications, atStep }: Dependencies) {
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
    const recorded = await notifications.record(accountId, request, notice, text);
    atStep('notify.recorded');
    return recorded;
  };
}
