import PdfDocument from 'pdfkit';
import type { Customer } from '../objects/customer.ts';
import type { Invoice, Tax } from '../objects/invoice.ts';
import type { CreditNote } from '../objects/reversal.ts';
import { ACCOUNT, type Address } from '../objects/account.ts';
import { date, money } from './layout.ts';

export interface Paper {
  title: string;
  facts: readonly (readonly [string, string])[];
  buyer: readonly string[];
  lines: readonly { description: string; quantity: number; amount: number }[];
  net: number;
  taxes: readonly Tax[];
  total: number;
  currency: string;
  notes: readonly string[];
}

/** What an invoice says, on paper and on its page. */
export function invoicePaper(invoice: Invoice): Paper {
  return {
    title: 'Invoice',
    facts: [
      ['Invoice number', invoice.number ?? 'draft'],
      ['Date of issue', date(invoice.effective_at)],
      ['Status', invoice.status],
    ],
    buyer: buyerLines(
      invoice.customer_name,
      invoice.customer_address,
      invoice.customer_email,
      invoice.customer_tax_ids,
    ),
    lines: invoice.lines.data.map((line) => ({
      description: line.description ?? 'Item',
      quantity: line.quantity,
      amount: line.amount,
    })),
    net: invoice.total_excluding_tax,
    taxes: invoice.total_taxes,
    total: invoice.total,
    currency: invoice.currency,
    notes: [...taxNotes(invoice.total_taxes), invoice.footer ?? ''].filter((note) => note !== ''),
  };
}

export function creditNotePaper(note: CreditNote, invoice: Invoice, customer: Customer | undefined): Paper {
  return {
    title: 'Credit note',
    facts: [
      ['Credit note number', note.number],
      ['For invoice', invoice.number ?? invoice.id],
      ['Date of issue', date(note.created)],
    ],
    buyer: buyerLines(
      customer?.name ?? null,
      customer?.address ?? null,
      customer?.email ?? null,
      invoice.customer_tax_ids,
    ),
    lines: note.lines.data.map((line) => ({
      description: line.description ?? 'Credit',
      quantity: line.quantity ?? 1,
      amount: line.amount,
    })),
    net: note.subtotal,
    taxes: note.total_taxes,
    total: note.total,
    currency: note.currency,
    notes: taxNotes(note.total_taxes),
  };
}

/** `VAT 19 %`, by the share of tax in what was taxed; the reason when there is none. */
export function taxLabel(tax: Tax): string {
  if (tax.taxability_reason === 'reverse_charge') return 'VAT 0 % (reverse charge)';
  if (tax.amount === 0 || tax.taxable_amount === null || tax.taxable_amount === 0) return 'VAT 0 %';
  const rate = /(\d+)$/.exec(tax.tax_rate_details?.tax_rate ?? '')?.[1];
  return rate === undefined ? 'VAT' : `VAT ${Number(rate) / 10} %`;
}

/** The PDF as bytes. */
export function renderPdf(paper: Paper): Promise<Buffer> {
  const document = new PdfDocument({
    size: 'A4',
    margin: 56,
    info: { Title: paper.title, Author: ACCOUNT.name },
  });
  const chunks: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  document.on('end', () => resolve(Buffer.concat(chunks)));
  document.on('error', reject);
  write(document, paper);
  document.end();
  return promise;
}

function write(document: PDFKit.PDFDocument, paper: Paper): void {
  document.font('Helvetica-Bold').fontSize(20).text(paper.title);
  document.moveDown(0.5).font('Helvetica').fontSize(10);
  for (const [name, value] of paper.facts) document.text(`${name}: ${value}`);
  document
    .moveDown()
    .font('Helvetica-Bold')
    .text(ACCOUNT.name)
    .font('Helvetica')
    .text('Musterstraße 1, 10115 Berlin, Germany');
  document.text('VAT ID DE123456789');
  document.moveDown().font('Helvetica-Bold').text('Bill to').font('Helvetica');
  for (const line of paper.buyer) document.text(line);
  document.moveDown(2);
  for (const line of paper.lines) {
    row(
      document,
      line.quantity === 1 ? line.description : `${line.description} × ${line.quantity}`,
      money(line.amount, paper.currency),
    );
  }
  document.moveDown(0.5);
  row(document, 'Total excluding VAT', money(paper.net, paper.currency));
  for (const tax of paper.taxes) row(document, taxLabel(tax), money(tax.amount, paper.currency));
  document.font('Helvetica-Bold');
  row(document, 'Total', money(paper.total, paper.currency));
  document.font('Helvetica').moveDown();
  for (const note of paper.notes) document.text(note);
}

function row(document: PDFKit.PDFDocument, left: string, right: string): void {
  const { y } = document;
  const { left: margin } = document.page.margins;
  const width = document.page.width - margin * 2;
  document.text(left, margin, y, { width: width - 110 });
  const bottom = document.y;
  document.text(right, margin + width - 100, y, { width: 100, align: 'right' });
  document.x = margin;
  document.y = Math.max(bottom, document.y) + 4;
}

function taxNotes(taxes: readonly Tax[]): string[] {
  const reversed = taxes.some((tax) => tax.taxability_reason === 'reverse_charge');
  const outside = taxes.some((tax) => tax.taxability_reason === 'not_collecting');
  return [
    ...(reversed ? ['Reverse charge: the customer owes the VAT (Art. 196 of Directive 2006/112/EC).'] : []),
    ...(outside ? ['Not subject to VAT in the European Union.'] : []),
  ];
}

function buyerLines(
  name: string | null,
  address: Address | null,
  email: string | null,
  taxIds: readonly { type: string; value: string }[],
): string[] {
  const town = `${address?.postal_code ?? ''} ${address?.city ?? ''}`.trim();
  const ids = taxIds.map(({ type, value }) => (type === 'eu_vat' ? `VAT ID ${value}` : value));
  const lines = [name, address?.line1, address?.line2, town, address?.country, email, ...ids];
  return lines.filter((line): line is string => typeof line === 'string' && line !== '');
}
