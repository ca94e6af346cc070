import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Door } from '../dispatch.ts';
import { intentOf } from '../invoicing.ts';
import type { Invoice } from '../objects/invoice.ts';
import { collectIntent } from '../resources/payment-intents.ts';
import { createMethod, testCard } from '../saving-cards.ts';
import type { Scope } from '../scope.ts';
import { cardFields, expiryOf, type Fields, readFields } from './forms.ts';
import { creditNotePaper, invoicePaper, type Paper, renderPdf, taxLabel } from './invoice-pdf.ts';
import { alert, badge, date, type Html, html, money, sendPage } from './layout.ts';
import { act, notFound, type Outcome, scopeOf } from './visit.ts';

const idParams = z.object({ id: z.string() });

/** The hosted invoice page: what is owed, how to pay it, and the PDF. */
export function invoicePages(app: FastifyInstance, door: Door): void {
  app.get('/invoices/:id', (request, reply) => {
    const invoice = door.store.find('invoice', idParams.parse(request.params).id);
    if (invoice === undefined || invoice.status === 'draft') return notFound(reply, 'invoice');
    return sendPage(reply, `Invoice ${invoice.number ?? ''}`, invoicePage(scopeOf(door), invoice, null));
  });
  app.post('/invoices/:id', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const fields = readFields(request.body);
    const outcome = act(door, (scope) => payInvoice(scope, id, fields));
    if ('goTo' in outcome) return reply.redirect(outcome.goTo, 303);
    const invoice = door.store.find('invoice', id);
    if (invoice === undefined) return notFound(reply, 'invoice');
    return sendPage(
      reply,
      `Invoice ${invoice.number ?? ''}`,
      invoicePage(scopeOf(door), invoice, outcome.failed),
      402,
    );
  });
  app.get('/invoices/:id/pdf', async (request, reply) => {
    const invoice = door.store.find('invoice', idParams.parse(request.params).id);
    if (invoice === undefined) return notFound(reply, 'invoice');
    return reply.type('application/pdf').send(await renderPdf(invoicePaper(invoice)));
  });
  app.get('/credit-notes/:id/pdf', async (request, reply) => {
    const note = door.store.find('credit_note', idParams.parse(request.params).id);
    const invoice = note === undefined ? undefined : door.store.find('invoice', note.invoice);
    if (note === undefined || invoice === undefined) return notFound(reply, 'credit note');
    const paper = creditNotePaper(note, invoice, door.store.find('customer', note.customer));
    return reply.type('application/pdf').send(await renderPdf(paper));
  });
}

/** Lines, net, VAT and total as a table. */
function paperTable(paper: Paper): Html {
  const { currency } = paper;
  return html`<div class="scroll"><table>
<thead><tr><th>Description</th><th class="num">Quantity</th><th class="num">Amount</th></tr></thead>
<tbody>${paper.lines.map(
    (line) =>
      html`<tr><td>${line.description}</td><td class="num">${line.quantity}</td><td class="num">${money(line.amount, currency)}</td></tr>`,
  )}</tbody>
<tfoot><tr><td colspan="2">Total excluding VAT</td><td class="num">${money(paper.net, currency)}</td></tr>
${paper.taxes.map((tax) => html`<tr><td colspan="2">${taxLabel(tax)}</td><td class="num">${money(tax.amount, currency)}</td></tr>`)}
<tr><td colspan="2">Total</td><td class="num">${money(paper.total, currency)}</td></tr></tfoot>
</table></div>
${paper.notes.map((note) => html`<p class="soft">${note}</p>`)}`;
}

function invoicePage(scope: Scope, invoice: Invoice, failed: string | null): Html {
  const paper = invoicePaper(invoice);
  return html`<section>
<h1>${money(invoice.total, invoice.currency)} ${badge(invoice.status)}</h1>
<p class="soft">Invoice ${invoice.number} of ${date(invoice.effective_at)}</p>
<p>${paper.buyer.map((line) => html`${line}<br>`)}</p>
${paperTable(paper)}
<p><a href="/invoices/${invoice.id}/pdf">Download invoice (PDF)</a></p>
</section>
${invoice.status === 'open' ? payForm(scope, invoice, failed) : html``}`;
}

function payForm(scope: Scope, invoice: Invoice, failed: string | null): Html {
  const intent = intentOf(scope, invoice);
  const waiting = intent?.status === 'requires_action';
  const confirm = html`<p>Your bank wants you to confirm this payment.</p>
<p><a id="authenticate" href="/3d-secure/${intent?.id}">Confirm with your bank</a></p>`;
  const methods = scope.store.list('payment_method', {
    customer: invoice.customer,
    fields: { customer: invoice.customer },
  });
  const choices = methods.map(
    (method) =>
      html`<label><input type="radio" name="method" value="${method.id}"> ${method.card.brand} ending in ${method.card.last4}</label>`,
  );
  return html`<section class="narrow"><h2>Pay this invoice</h2>${alert(failed)}
${waiting ? confirm : html``}
<form method="post">${choices}${cardFields()}
<button class="wide" id="pay">Pay ${money(invoice.amount_remaining, invoice.currency)}</button></form></section>`;
}

function payInvoice(scope: Scope, id: string, fields: Fields): Outcome {
  const invoice = scope.store.need('invoice', id);
  const intent = intentOf(scope, invoice);
  if (invoice.status !== 'open' || intent === undefined)
    return { failed: `This invoice is ${invoice.status}.` };
  const chosen = fields['number'] === undefined ? fields['method'] : undefined;
  if (chosen === undefined && fields['number'] === undefined)
    return { failed: 'Choose a card or enter one.' };
  const methodId =
    chosen ?? createMethod(scope, testCard(fields['number'] ?? ''), undefined, expiryOf(fields)).id;
  const how = { offSession: false, whenAsking: 'ask', authenticated: false } as const;
  const result = collectIntent(scope, intent, { methodId, ...how });
  switch (result.status) {
    case 'succeeded':
      return { goTo: `/invoices/${id}` };
    case 'processing':
      return { failed: 'Your bank is still working on this payment.' };
    case 'requires_action':
      return { goTo: `/3d-secure/${result.intent.id}` };
    case 'declined':
      return { failed: result.decline.message };
  }
}
