import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Door } from '../dispatch.ts';
import type { Customer } from '../objects/customer.ts';
import type { Invoice } from '../objects/invoice.ts';
import { badge, date, type Html, html, money, sendPage } from './layout.ts';
import { invoicePaper, taxLabel } from './invoice-pdf.ts';
import { notFound } from './visit.ts';

const SHOWN = 50;
const NUMBERS = new Set(['Net', 'VAT', 'Total', 'Amount', 'Refunded']);
const idParams = z.object({ id: z.string() });

/** What Stripe's dashboard would show: customers, invoices with VAT, payments, events. */
export function dashboardPages(app: FastifyInstance, door: Door): void {
  app.get('/', (_request, reply) => sendPage(reply, 'Dashboard', dashboard(door)));
  app.get('/customers/:id', (request, reply) => {
    const customer = door.store.find('customer', idParams.parse(request.params).id);
    if (customer === undefined) return notFound(reply, 'customer');
    return sendPage(reply, customer.name ?? customer.id, customerPage(door, customer));
  });
  app.get('/objects/:id', (request, reply) => {
    const object = door.store.any(idParams.parse(request.params).id);
    if (object === undefined) return notFound(reply, 'object');
    return sendPage(
      reply,
      object.id,
      html`<h1>${object.id}</h1><section><pre><code>${JSON.stringify(object, null, 2)}</code></pre></section>`,
    );
  });
}

function dashboard(door: Door): Html {
  const { store } = door;
  const customers = store.list('customer', { limit: SHOWN });
  return html`<h1>Dashboard</h1>
<p class="soft">Sandbox time ${date(door.now())}. Newest first, ${SHOWN} of each.</p>
<nav><a href="#customers">Customers</a><a href="#invoices">Invoices</a><a href="#payments">Payments</a><a href="#disputes">Disputes</a><a href="#events">Events</a></nav>
<h2 id="customers">Customers</h2>
${table(
  ['Customer', 'Email', 'Country', 'Default card'],
  customers.map((customer) => {
    const method = store.find('payment_method', customer.invoice_settings.default_payment_method ?? '');
    return html`<tr><td class="name"><a href="/customers/${customer.id}">${customer.name ?? customer.id}</a></td><td>${customer.email}</td><td>${customer.address?.country}</td><td>${method === undefined ? '–' : `${method.card.brand} ${method.card.last4}`}</td></tr>`;
  }),
)}
<h2 id="invoices">Invoices</h2>${invoiceTable(store.list('invoice', { limit: SHOWN }))}
<h2 id="payments">Payments</h2>${paymentTable(door, undefined)}
<h2 id="disputes">Disputes</h2>
${table(
  ['Dispute', 'Status', 'Reason', 'Amount'],
  store
    .list('dispute', { limit: SHOWN })
    .map(
      (one) =>
        html`<tr><td><a href="/objects/${one.id}"><code>${one.id}</code></a></td><td>${badge(one.status)}</td><td>${one.reason}</td><td class="num">${money(one.amount, one.currency)}</td></tr>`,
    ),
)}
<h2 id="events">Events</h2>${eventTable(door, undefined)}`;
}

function customerPage(door: Door, customer: Customer): Html {
  const { store } = door;
  const taxIds = store.list('tax_id', { customer: customer.id });
  return html`<h1>${customer.name ?? customer.id}</h1>
<p class="soft"><a href="/objects/${customer.id}"><code>${customer.id}</code></a> ${customer.email} ${customer.address?.country} ${taxIds.map((one) => html`VAT ID ${one.value} ${badge(one.verification.status)} `)}</p>
<h2>Invoices</h2>${invoiceTable(store.list('invoice', { customer: customer.id, limit: SHOWN }))}
<h2>Payments</h2>${paymentTable(door, customer.id)}
<h2>Events</h2>${eventTable(door, customer.id)}`;
}

function invoiceTable(invoices: readonly Invoice[]): Html {
  return table(
    ['Invoice', 'Status', 'Customer', 'Net', 'VAT', 'Total'],
    invoices.map((invoice) => {
      const paper = invoicePaper(invoice);
      const name = invoice.number ?? 'draft';
      const page = invoice.status === 'draft' ? `/objects/${invoice.id}` : `/invoices/${invoice.id}`;
      const taxes = paper.taxes.map(
        (tax) => html`${money(tax.amount, paper.currency)} <span class="soft">${taxLabel(tax)}</span> `,
      );
      return html`<tr><td><a href="${page}">${name}</a></td><td>${badge(invoice.status)}</td><td class="name"><a href="/customers/${invoice.customer}">${invoice.customer_name ?? invoice.customer}</a></td><td class="num">${money(paper.net, paper.currency)}</td><td class="num">${taxes}</td><td class="num">${money(paper.total, paper.currency)}</td></tr>`;
    }),
  );
}

function paymentTable({ store }: Door, customer: string | undefined): Html {
  return table(
    ['Charge', 'Status', 'Why', 'Card', 'When', 'Amount', 'Refunded'],
    store.list('charge', { customer, limit: SHOWN }).map((charge) => {
      const { card } = charge.payment_method_details;
      const refunded = charge.amount_refunded === 0 ? '' : money(charge.amount_refunded, charge.currency);
      return html`<tr><td><a href="/objects/${charge.id}"><code>${charge.id}</code></a></td><td>${badge(charge.status)} ${charge.disputed ? badge('disputed') : html``}</td><td>${charge.outcome?.reason}</td><td>${card.brand} ${card.last4}</td><td class="when">${date(charge.created)}</td><td class="num">${money(charge.amount, charge.currency)}</td><td class="num">${refunded}</td></tr>`;
    }),
  );
}

function eventTable({ store }: Door, customer: string | undefined): Html {
  return table(
    ['Event', 'About', 'When', 'Id'],
    store.list('event', { customer, limit: SHOWN }).map((event) => {
      const about = idOf(event.data.object);
      return html`<tr><td>${event.type}</td><td><a href="/objects/${about}"><code>${about}</code></a></td><td class="when">${date(event.created)}</td><td><a href="/objects/${event.id}"><code>${event.id}</code></a></td></tr>`;
    }),
  );
}

function idOf(object: object): string {
  return 'id' in object && typeof object.id === 'string' ? object.id : '';
}

function table(heads: readonly string[], rows: readonly Html[]): Html {
  if (rows.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<div class="scroll"><table><thead><tr>${heads.map((head) => html`<th class="${NUMBERS.has(head) ? 'num' : ''}">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
