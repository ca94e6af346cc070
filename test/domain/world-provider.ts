import type { BlockReason, LookUpOutcome } from '../../domain/account-state.ts';
import type { Decline } from '../../domain/failures.ts';
import type { TopUpId } from '../../domain/ids.ts';

/** How the provider answers the next attempts to pay; without any it pays. `lost_*` take effect and lose their
 *  answer, `processing_*` are undecided for a while. */
export const BEHAVIOURS = [
  'pay',
  'soft_decline',
  'hard_decline',
  'authenticate',
  'lost_payment',
  'lost_nothing',
  'processing_pays',
  'processing_fails',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

export type PayAnswer =
  | { status: 'paid' }
  | { status: 'declined'; decline: Decline }
  | { status: 'authentication_required' }
  | { status: 'unknown' };

type Invoice = {
  status: 'open' | 'paid' | 'void';
  authenticationPending: boolean;
  processing: { untilMs: number; pays: boolean } | null;
  /** Keyed by attempt, which is what makes the idempotency key. */
  answers: Map<number, PayAnswer>;
};

export type Payment = {
  topUpId: TopUpId;
  attempt: number;
  atMs: number;
  behaviour: Behaviour;
  /** The answer has arrived. */
  isKnown: boolean;
};

const PROCESSING_MS = 7 * 60_000;

/** A payment provider that keeps its word: one invoice a top-up, paid at most once, and answers that are
 *  repeated under the same key. */
export function createProvider(clock: () => number) {
  const invoices = new Map<TopUpId, Invoice>();
  const provider = {
    script: [] as Behaviour[],
    blockedBy: null as BlockReason | null,
    /** The fingerprint of the customer's card. */
    card: 'card_1',
    /** Every request to pay that was not a repetition. */
    payments: [] as Payment[],
    /** Requests that no honest service makes. */
    complaints: [] as string[],

    ensureInvoice(topUpId: TopUpId): Invoice {
      const known = invoices.get(topUpId);
      if (known !== undefined) return known;
      const made: Invoice = {
        status: 'open',
        authenticationPending: false,
        processing: null,
        answers: new Map(),
      };
      invoices.set(topUpId, made);
      return made;
    },

    pay(topUpId: TopUpId, attempt: number): PayAnswer {
      const invoice = provider.ensureInvoice(topUpId);
      if (invoice.status === 'paid') return { status: 'paid' };
      const before = invoice.answers.get(attempt);
      if (before !== undefined) return before;
      if (invoice.status === 'void') provider.complaints.push(`${topUpId}: charged after it was voided`);
      if (invoice.processing !== null) provider.complaints.push(`${topUpId}: charged while processing`);
      const behaviour = provider.script.shift() ?? 'pay';
      provider.payments.push({ topUpId, attempt, atMs: clock(), behaviour, isKnown: false });
      const answer = effect(invoice, behaviour, clock());
      invoice.answers.set(attempt, answer);
      return answer;
    },

    answered(topUpId: TopUpId, attempt: number): void {
      const made = provider.payments.find(
        (payment) => payment.topUpId === topUpId && payment.attempt === attempt,
      );
      if (made !== undefined) made.isKnown = true;
    },

    read(topUpId: TopUpId): LookUpOutcome {
      const invoice = invoices.get(topUpId);
      if (invoice === undefined) return { status: 'open', processing: false };
      if (invoice.status === 'paid') return { status: 'paid' };
      if (invoice.status === 'void') return { status: 'closed' };
      if (invoice.authenticationPending) return { status: 'action_required', actionUrl: null };
      return { status: 'open', processing: invoice.processing !== null };
    },

    /** @returns false when the payment was quicker. */
    void(topUpId: TopUpId): boolean {
      const invoice = invoices.get(topUpId);
      if (invoice === undefined) return true;
      if (invoice.status === 'paid') return false;
      if (invoice.processing !== null) provider.complaints.push(`${topUpId}: voided while processing`);
      invoice.status = 'void';
      return true;
    },

    /** The customer pays by the link that was mailed. @returns the top-ups that were paid by it. */
    authenticate(): TopUpId[] {
      return settleInvoices((invoice) => invoice.authenticationPending && { pays: true });
    },

    /** Decides the payments whose processing is over. @returns the top-ups that a webhook tells of. */
    finishProcessing(): TopUpId[] {
      return settleInvoices(({ processing }) =>
        processing !== null && processing.untilMs <= clock() ? { pays: processing.pays } : false,
      );
    },

    nextProcessedAtMs(): number | null {
      const open = [...invoices.values()].flatMap(({ processing, status }) =>
        processing === null || status !== 'open' ? [] : [processing.untilMs],
      );
      return open.length === 0 ? null : Math.min(...open);
    },

    paidTopUpIds: (): TopUpId[] =>
      [...invoices].filter(([, { status }]) => status === 'paid').map(([topUpId]) => topUpId),
  };
  return provider;

  function settleInvoices(outcome: (invoice: Invoice) => { pays: boolean } | false): TopUpId[] {
    return [...invoices].flatMap(([topUpId, invoice]) => {
      const settled = invoice.status === 'open' && outcome(invoice);
      if (settled === false) return [];
      invoice.processing = null;
      invoice.authenticationPending = false;
      if (settled.pays) invoice.status = 'paid';
      return [topUpId];
    });
  }
}

export type Provider = ReturnType<typeof createProvider>;

function effect(invoice: Invoice, behaviour: Behaviour, nowMs: number): PayAnswer {
  switch (behaviour) {
    case 'pay':
      invoice.status = 'paid';
      return { status: 'paid' };
    case 'soft_decline':
      return {
        status: 'declined',
        decline: { kind: 'soft', reason: 'insufficient_funds', code: 'insufficient_funds' },
      };
    case 'hard_decline':
      return {
        status: 'declined',
        decline: { kind: 'hard', reason: 'lost_or_stolen_card', code: 'lost_card' },
      };
    case 'authenticate':
      invoice.authenticationPending = true;
      return { status: 'authentication_required' };
    case 'lost_payment':
      invoice.status = 'paid';
      return { status: 'unknown' };
    case 'lost_nothing':
      return { status: 'unknown' };
    case 'processing_pays':
    case 'processing_fails':
      invoice.processing = { untilMs: nowMs + PROCESSING_MS, pays: behaviour === 'processing_pays' };
      return { status: 'unknown' };
  }
}
