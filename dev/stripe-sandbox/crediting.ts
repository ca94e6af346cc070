import { invalidRequest } from './errors.ts';
import { newId } from './ids.ts';
import { byRate } from './invoicing.ts';
import type { Invoice, InvoiceLine, Tax } from './objects/invoice.ts';
import { type CreditNoteLine, newCreditNoteLine } from './objects/reversal.ts';
import type { Params } from './params.ts';
import type { Scope } from './scope.ts';

/** What a credit note takes back: its lines with their taxes, and the totals. */
export interface Credited {
  lines: CreditNoteLine[];
  net: number;
  total: number;
  taxes: Tax[];
}

/** Lines for an amount with tax, taken from the invoice's lines in proportion. Net and tax are rounded on the sum of all
 *  credit notes so far, so that partial ones add up to the invoice exactly. */
export function creditAmount(scope: Scope, invoice: Invoice, amount: number): Credited {
  const earlier = scope.store
    .list('credit_note', { parent: invoice.id })
    .filter((note) => note.status === 'issued');
  const before = sum(earlier.map((note) => note.total));
  const netBefore = sum(earlier.map((note) => note.subtotal));
  const net = share(invoice.total_excluding_tax, before + amount, invoice.total) - netBefore;
  const nets = split(
    net,
    invoice.lines.data.map((line) => line.amount),
  );
  const taxes = split(
    amount - net,
    invoice.lines.data.map((line) => sum(line.taxes.map((tax) => tax.amount))),
  );
  const lines = invoice.lines.data.map((line, index) =>
    creditedLine(line, nets[index] ?? 0, taxes[index] ?? 0),
  );
  return totals(lines);
}

/** Lines as they were asked for: parts of invoice lines (net) or lines of their own, taxed like the invoice. */
export function creditLines(invoice: Invoice, asked: readonly Params[]): Credited {
  return totals(asked.map((params) => readLine(invoice, params)));
}

function readLine(invoice: Invoice, params: Params): CreditNoteLine {
  const type = params.choice('type', ['invoice_line_item', 'custom_line_item']);
  const quantity = params.integer('quantity');
  const amount = params.integer('amount');
  const unitAmount = params.integer('unit_amount');
  const lineId = params.text('invoice_line_item') ?? null;
  const description = params.text('description') ?? null;
  const line = invoice.lines.data.find((one) => one.id === lineId) ?? invoice.lines.data[0];
  if (line === undefined || (type === 'invoice_line_item' && line.id !== lineId)) {
    throw invalidRequest(`No such invoice line item: '${lineId ?? ''}'`, {
      code: 'resource_missing',
      param: 'lines',
    });
  }
  const unit = unitAmount ?? line.amount / line.quantity;
  const net = amount ?? Math.round(unit * (quantity ?? 1));
  const tax = share(sum(line.taxes.map((one) => one.amount)), net, line.amount);
  const credited = creditedLine(line, net, tax);
  if (type === 'invoice_line_item') return { ...credited, quantity: quantity ?? null };
  return newCreditNoteLine(newId('cnli'), {
    amount: net,
    description,
    invoiceLine: undefined,
    quantity: quantity ?? 1,
    taxes: credited.taxes,
  });
}

function creditedLine(line: InvoiceLine, net: number, tax: number): CreditNoteLine {
  const amounts = split(
    tax,
    line.taxes.map((one) => one.amount),
  );
  const taxes = line.taxes.map((one, index) => ({
    ...one,
    amount: amounts[index] ?? 0,
    taxable_amount: one.taxable_amount === 0 ? 0 : net,
  }));
  return newCreditNoteLine(newId('cnli'), {
    amount: net,
    description: line.description,
    invoiceLine: line.id,
    quantity: 1,
    taxes,
  });
}

function totals(lines: CreditNoteLine[]): Credited {
  const taxes = lines.flatMap((line) => line.taxes);
  const net = sum(lines.map((line) => line.amount));
  return { lines, net, total: net + sum(taxes.map((tax) => tax.amount)), taxes: byRate(taxes) };
}

/** `part` of `whole`, of `amount`, to the cent. */
function share(amount: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((amount * part) / whole);
}

/** Splits an amount by weights so that the parts add up to it. */
function split(amount: number, weights: readonly number[]): number[] {
  const whole = sum(weights);
  let weight = 0;
  let given = 0;
  return weights.map((one) => {
    weight += one;
    const part = share(amount, weight, whole) - given;
    given += part;
    return part;
  });
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
