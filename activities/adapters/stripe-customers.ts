import type { Stripe } from 'stripe';
import { providerKeys } from '../../domain/ids.ts';
import { cents, NO_CENTS } from '../../domain/money.ts';
import { ProviderError } from '../payment-errors.ts';
import type { AccountProfile, Card, CustomerStanding, Payments } from '../ports.ts';
import { ask } from './stripe-client.ts';
import { withSpareKeys } from './stripe-stored-failure.ts';

/** The part of the payment provider that knows customers. */
export function createStripeCustomers(stripe: Stripe): Pick<Payments, 'ensureCustomer' | 'readCustomer'> {
  return {
    async ensureCustomer(profile) {
      const customer = await findOrCreate(stripe, profile);
      const changes = changesFor(customer, profile);
      if (Object.keys(changes).length > 0) {
        // Sets values, so that doing it twice is harmless; a key of our own would replay an older answer
        // without effect when a value returns to what it was.
        await ask('customers.update', 'customer', stripe.customers.update(customer.id, changes));
      }
      return { customerId: customer.id };
    },
    async readCustomer(customerId) {
      const customer = await retrieveForCharge(stripe, customerId);
      if (customer === null) return NO_STANDING;
      const taxLocation = customer.tax?.automatic_tax;
      return {
        card:
          cardOf(customer.invoice_settings.default_payment_method) ?? (await newestCard(stripe, customerId)),
        taxLocationKnown: taxLocation === 'supported' || taxLocation === 'not_collecting',
        balanceCents: cents(customer.balance),
      };
    },
  };
}

/** A customer who was deleted in Stripe has nothing left to charge; the account gets another one. */
const NO_STANDING: CustomerStanding = { card: null, taxLocationKnown: false, balanceCents: NO_CENTS };

/** The account's customer: the one that is stored, one whose id was lost on the way, or a new one. Looking by
 *  email and metadata comes before creating, because Stripe may forget the creation's key after a day. */
async function findOrCreate(stripe: Stripe, profile: AccountProfile): Promise<Stripe.Customer> {
  const { customerId } = profile;
  const stored = customerId === null ? null : await retrieve(stripe, customerId);
  return stored ?? (await findByEmail(stripe, profile)) ?? (await create(stripe, profile, customerId));
}

/** Creates with nothing but the account's id, which never changes: name and email may differ between two tries
 *  under one key, and Stripe would refuse the second.
 *  @param deletedId the customer that this one replaces, whose key is used up. */
async function create(
  stripe: Stripe,
  profile: AccountProfile,
  deletedId: string | null,
): Promise<Stripe.Customer> {
  const base = providerKeys.customer(profile.accountId);
  const key = deletedId === null ? base : `${base}:after:${deletedId}`;
  const createUnder = (idempotencyKey: string) => createOnce(stripe, profile, idempotencyKey);
  // A customer that a failed call made after all has neither email nor card, and stays unused.
  const created = await withSpareKeys(key, createUnder, () => Promise.resolve(null));
  // A replayed answer is as old as its key: whether the customer still exists, and what it is called, is read.
  return (await retrieve(stripe, created.id)) ?? (await create(stripe, profile, created.id));
}

async function createOnce(
  stripe: Stripe,
  { accountId }: AccountProfile,
  idempotencyKey: string,
): Promise<Stripe.Customer> {
  const created = stripe.customers.create({ metadata: { account_id: accountId } }, { idempotencyKey });
  return ask('customers.create', 'customer', created);
}

async function findByEmail(stripe: Stripe, profile: AccountProfile): Promise<Stripe.Customer | null> {
  const { email, accountId } = profile;
  const page = await ask('customers.list', 'list', stripe.customers.list({ email, limit: 100 }));
  return page.data.find((customer) => customer.metadata['account_id'] === accountId) ?? null;
}

/** The customer with tax location and default card. What Stripe makes of expanding these on a deleted customer
 *  is not documented, so that a refusal is looked into. */
async function retrieveForCharge(stripe: Stripe, customerId: string): Promise<Stripe.Customer | null> {
  try {
    return await retrieve(stripe, customerId, ['tax', 'invoice_settings.default_payment_method']);
  } catch (error) {
    const isRefusal = error instanceof ProviderError && error.details.statusCode === 400;
    if (isRefusal && (await retrieve(stripe, customerId)) === null) return null;
    throw error;
  }
}

/** @returns null for a customer who was deleted. */
async function retrieve(
  stripe: Stripe,
  customerId: string,
  expand: string[] = [],
): Promise<Stripe.Customer | null> {
  const found = await ask(
    'customers.retrieve',
    'customer',
    stripe.customers.retrieve(customerId, { expand }),
  );
  return found.deleted === true ? null : found;
}

/** What Stripe has to be told. Email and language follow the account; name and address are only filled in where
 *  they are missing, because the customer may have completed the billing profile on Stripe's pages. */
function changesFor(customer: Stripe.Customer, profile: AccountProfile): Stripe.CustomerUpdateParams {
  const { name, email, locale, country } = profile;
  return {
    ...(customer.email === email ? {} : { email }),
    ...(customer.preferred_locales?.[0] === locale ? {} : { preferred_locales: [locale] }),
    ...(customer.name === null || customer.name === undefined ? { name } : {}),
    ...(customer.address === null || customer.address === undefined ? { address: { country } } : {}),
  };
}

/** The card of a customer who never named a default: the one saved last, because saving it was the wish to pay
 *  with it. Stripe lists the newest first. */
async function newestCard(stripe: Stripe, customerId: string): Promise<Card | null> {
  const page = await ask(
    'customers.listPaymentMethods',
    'list',
    stripe.customers.listPaymentMethods(customerId, { type: 'card', limit: 1 }),
  );
  const [newest] = page.data;
  return newest === undefined ? null : cardOf(newest);
}

function cardOf(method: string | Stripe.PaymentMethod | null): Card | null {
  if (method === null || typeof method === 'string' || method.card === undefined) return null;
  const { fingerprint, brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  return { paymentMethodId: method.id, fingerprint: fingerprint ?? null, brand, last4, expMonth, expYear };
}
