/** Every place between two effects at which a worker may die. Each is announced by the activity that passes it:
 *  in production as a heartbeat, in the fault tests as the point at which the worker is killed. */
export const STEPS = [
  'charge.intent_recorded',
  'charge.customer_saved',
  'charge.invoice_created',
  'charge.invoice_saved',
  'charge.item_added',
  'charge.finalized',
  'charge.attempt_begun',
  'charge.paid',
  'charge.paid_recorded',
  'credit.booked',
  'look_up.read',
  'close.voided',
  'close.recorded',
  'notify.recorded',
  'email.begun',
  'email.accepted',
  'email.recorded',
  'close.page_expired',
  'refund.accepted',
  'refund.recorded',
  'reverse.read',
  'reverse.booked',
] as const;
export type Step = (typeof STEPS)[number];

/** Called right after a step's effect is there, before anything else happens. */
export type AtStep = (step: Step) => void;
