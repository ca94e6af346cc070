import type { Policy } from '../domain/policy.ts';
import { createChargeTopUp } from './charge-top-up.ts';
import { createCloseTopUp } from './close-top-up.ts';
import { createCreditTopUp } from './credit-top-up.ts';
import { createDeferTopUp } from './defer-top-up.ts';
import { fewMailsAtOnce } from './few-mails.ts';
import { createLookUpTopUp } from './look-up-top-up.ts';
import { createNotifyCustomer } from './notify-customer.ts';
import type { Accounts, Ledger, Mailer, Notifications, Payments, Reversals, TopUps } from './ports.ts';
import { createReadAccount } from './read-account.ts';
import { createReverseTopUp } from './reverse-top-up.ts';
import { createAbandonEmail, createSendEmail } from './send-email.ts';
import type { AtStep } from './steps.ts';
import { createSyncCustomer } from './sync-customer.ts';

/** Everything that the activities reach the world through. */
export type ActivityDependencies = {
  accounts: Accounts;
  topUps: TopUps;
  ledger: Ledger;
  reversals: Reversals;
  notifications: Notifications;
  payments: Payments;
  mailer: Mailer;
  policy: Policy;
  /** Where customers find the credits page of an account; links in emails lead there. */
  creditsUrl: string;
  /** Whether the platform wants to hear of what customers are told. */
  platformListens?: boolean;
  atStep: AtStep;
};

export type Activities = ReturnType<typeof createActivities>;

/** All activities of the account workflow, by the names that its history shows. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    readAccount: createReadAccount(dependencies),
    syncCustomer: createSyncCustomer(dependencies),
    chargeTopUp: createChargeTopUp(dependencies),
    creditTopUp: createCreditTopUp(dependencies),
    lookUpTopUp: createLookUpTopUp(dependencies),
    closeTopUp: createCloseTopUp(dependencies),
    deferTopUp: createDeferTopUp(dependencies),
    notifyCustomer: createNotifyCustomer(dependencies),
    sendEmail: fewMailsAtOnce(createSendEmail(dependencies)),
    abandonEmail: createAbandonEmail(dependencies),
    reverseTopUp: createReverseTopUp(dependencies),
  };
}
