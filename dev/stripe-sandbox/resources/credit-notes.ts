import { creditAmount, type Credited, creditLines } from '../crediting.ts';
import { invalidRequest, missingParameter } from '../errors.ts';
import { newId } from '../ids.ts';
import { intentOf, settle } from '../invoicing.ts';
import { listPage } from '../list.ts';
import type { Invoice } from '../objects/invoice.ts';
import { type CreditNote, newCreditNote, type Refund } from '../objects/reversal.ts';
import type { Params } from '../params.ts';
import { readText } from '../read-params.ts';
import { refundCharge } from '../refunding.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';
import { saveCustomer } from './customers.ts';

const REASONS = ['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'] as const;

export const creditNoteRoutes: readonly Route[] = [
  post('/v1/credit_notes', create),
  get('/v1/credit_notes', list),
  get('/v1/credit_notes/:id', (call) => ok(call.scope.store.need('credit_note', pathId(call)))),
  post('/v1/credit_notes/:id', update),
  get('/v1/credit_notes/:id/lines', (call) => ok(call.scope.store.need('credit_note', pathId(call)).lines)),
  post('/v1/credit_notes/:id/void', voidNote),
];

interface Settlement {
  refund: number;
  balance: number;
  outOfBand: number;
}

function create({ scope, params }: Call): Reply {
  params.ignore('email_type', 'effective_at');
  const invoice = scope.store.need('invoice', params.required('invoice'), 'invoice');
  if (invoice.status !== 'paid' && invoice.status !== 'open') {
    throw invalidRequest(
      `You can only create credit notes for open or paid invoices. This invoice is ${invoice.status}.`,
    );
  }
  const credited = readCredited(scope, invoice, params);
  const settlement = readSettlement(params);
  const note = { ...issue(scope, invoice, credited), ...readFacts(params) };
  assertCovered(invoice, credited, settlement);
  const paidNote = invoice.status === 'paid' ? giveBack(scope, invoice, note, settlement) : note;
  scope.store.put(paidNote, { customer: invoice.customer, parent: invoice.id });
  scope.events.emit('credit_note.created', paidNote);
  creditInvoice(scope, invoice, paidNote);
  return ok(paidNote);
}

function readCredited(scope: Scope, invoice: Invoice, params: Params): Credited {
  const lines = params.hashes('lines');
  const amount = params.integer('amount');
  if (lines !== undefined) return creditLines(invoice, lines);
  if (amount === undefined) throw missingParameter('amount');
  if (amount < 1)
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  return creditAmount(scope, invoice, amount);
}

function readSettlement(params: Params): Settlement {
  return {
    refund: params.integer('refund_amount') ?? 0,
    balance: params.integer('credit_amount') ?? 0,
    outOfBand: params.integer('out_of_band_amount') ?? 0,
  };
}

function readFacts(params: Params): Pick<CreditNote, 'memo' | 'metadata' | 'reason'> {
  return {
    memo: readText(params, 'memo', null),
    metadata: params.metadata(),
    reason: params.choice('reason', REASONS) ?? null,
  };
}

/** Nothing more than was paid or is owed, and on a paid invoice every cent has to go somewhere. */
function assertCovered(invoice: Invoice, credited: Credited, given: Settlement): void {
  const left =
    invoice.status === 'paid'
      ? invoice.amount_paid - invoice.post_payment_credit_notes_amount
      : invoice.amount_remaining;
  if (credited.total > left) {
    throw invalidRequest(
      `The credit note amount (${credited.total}) is greater than what is left to credit on the invoice (${left}).`,
      { param: 'amount' },
    );
  }
  const settled = given.refund + given.balance + given.outOfBand;
  if (invoice.status !== 'paid' || settled === credited.total) return;
  throw invalidRequest(
    `The sum of credit amount, refund amount and out of band amount (${settled}) must equal the credit note amount (${credited.total}).`,
  );
}

function issue(scope: Scope, invoice: Invoice, credited: Credited): CreditNote {
  const count = scope.store.list('credit_note', { parent: invoice.id }).length + 1;
  const id = newId('cn');
  const isPaid = invoice.status === 'paid';
  return newCreditNote(id, scope.now(), {
    invoice: invoice.id,
    customer: invoice.customer,
    currency: invoice.currency,
    number: `${invoice.number ?? invoice.id}-CN-${String(count).padStart(2, '0')}`,
    pdf: `${scope.publicUrl}/credit-notes/${id}/pdf`,
    total: credited.total,
    totalExcludingTax: credited.net,
    totalTaxes: credited.taxes,
    lines: credited.lines,
    prePaymentAmount: isPaid ? 0 : credited.total,
    postPaymentAmount: isPaid ? credited.total : 0,
  });
}

function giveBack(scope: Scope, invoice: Invoice, note: CreditNote, given: Settlement): CreditNote {
  const refund = given.refund === 0 ? undefined : refundInvoice(scope, invoice, given.refund);
  if (given.balance > 0) {
    const customer = scope.store.need('customer', invoice.customer, 'customer');
    saveCustomer(scope, customer, { ...customer, balance: customer.balance - given.balance });
  }
  return {
    ...note,
    out_of_band_amount: given.outOfBand === 0 ? null : given.outOfBand,
    refunds:
      refund === undefined
        ? []
        : [
            {
              amount_refunded: refund.amount,
              payment_record_refund: null,
              refund: refund.id,
              type: 'refund',
            },
          ],
  };
}

function refundInvoice(scope: Scope, invoice: Invoice, amount: number): Refund {
  const chargeId = intentOf(scope, invoice)?.latest_charge ?? null;
  if (chargeId === null)
    throw invalidRequest('This invoice was not paid by a charge and cannot be refunded.');
  const charge = scope.store.need('charge', chargeId, 'invoice');
  return refundCharge(scope, charge, { amount, reason: null, metadata: {} });
}

function creditInvoice(scope: Scope, invoice: Invoice, note: CreditNote): void {
  if (invoice.status === 'paid') {
    const after = {
      ...invoice,
      post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + note.total,
    };
    scope.store.put(after);
    const previous = { post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount };
    scope.events.emit('invoice.updated', after, previous);
    return;
  }
  const due = invoice.amount_due - note.total;
  const after: Invoice = {
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + note.total,
  };
  scope.store.put(after);
  const intent = intentOf(scope, after);
  if (intent !== undefined && due > 0) scope.store.put({ ...intent, amount: due });
  if (due === 0) settle(scope, after);
  else scope.events.emit('invoice.updated', after, { amount_due: invoice.amount_due });
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('credit_note', pathId(call));
  const after: CreditNote = {
    ...before,
    memo: readText(params, 'memo', before.memo),
    metadata: params.metadata(before.metadata),
  };
  scope.store.put(after);
  scope.events.emit('credit_note.updated', after, { memo: before.memo, metadata: before.metadata });
  return ok(after);
}

function voidNote(call: Call): Reply {
  const { scope } = call;
  const note = scope.store.need('credit_note', pathId(call));
  if (note.type !== 'pre_payment' || note.status === 'void') {
    throw invalidRequest('You can only void credit notes of open invoices.');
  }
  const voided: CreditNote = { ...note, status: 'void', voided_at: scope.now() };
  scope.store.put(voided);
  const invoice = scope.store.need('invoice', note.invoice);
  const due = invoice.amount_due + note.total;
  scope.store.put({
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount - note.total,
  });
  scope.events.emit('credit_note.voided', voided, { status: 'issued' });
  return ok(voided);
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  const invoice = params.text('invoice') ?? undefined;
  return ok(listPage(scope.store, 'credit_note', '/v1/credit_notes', params, { customer, parent: invoice }));
}
