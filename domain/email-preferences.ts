import { NOTICE_KINDS, type NoticeKind } from './notices.ts';

/** Whether a customer may have a kind of notice on the dashboard only. What asks for an act or tells of a failure is
 *  always mailed, because nobody who does not look at the dashboard would know that the campaigns are about to stop. */
const MAY_BE_MUTED: Readonly<Record<NoticeKind, boolean>> = {
  // An early warning, which the top-up makes superfluous for those who have one.
  'balance.alert': true,
  // Campaigns stand still.
  'balance.depleted': false,
  // The invoice is on the dashboard too.
  'top_up.succeeded': true,
  // Money is asked for again, or has to be seen to.
  'top_up.failed': false,
  // Nothing goes on before the customer confirms.
  'top_up.action_required': false,
  'top_up.action_reminder': false,
  // Asks for nothing.
  'top_up.refunded': true,
  // Nothing is topped up any more until somebody acts.
  'auto_top_up.suspended': false,
  'auto_top_up.resumed': true,
};

/** Kinds of notice whose mails a customer may do without. */
export const MUTABLE_NOTICE_KINDS = NOTICE_KINDS.filter((kind) => MAY_BE_MUTED[kind]);

/** Whether the mail of a notice is left out. What may not be muted is mailed whatever is stored. */
export function isMuted(kind: NoticeKind, muted: readonly NoticeKind[]): boolean {
  return MAY_BE_MUTED[kind] && muted.includes(kind);
}
