import type { Stripe } from 'stripe';
import { beforeAll } from 'vitest';
import { cardContract } from './contract/cards-and-customers.ts';
import { checkoutContract } from './contract/checkout.ts';
import { idempotencyContract } from './contract/idempotency.ts';
import { invoiceContract } from './contract/invoices.ts';
import { pageContract } from './contract/pages-and-events.ts';
import { refusalContract } from './contract/refusals.ts';
import { reversalContract } from './contract/reversal.ts';
import { vatContract } from './contract/vat.ts';
import { customerIn, saveCard, type Stage } from './contract/steps.ts';

/** What this product relies on at Stripe, said with its SDK. Runs against the sandbox and, with a key, against Stripe's
 *  test mode; so it uses only what both have: the API, no page and no switch. */
export function contractSuite(client: () => Stripe): void {
  let ready: Stage | undefined;
  const stage = (): Stage => {
    if (ready === undefined) throw new Error('the stage is set before the first test');
    return ready;
  };

  beforeAll(async () => {
    const stripe = client();
    const germany = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
    ready = { stripe, germany, card: await saveCard(stripe, germany.id, 'pm_card_visa') };
  });

  invoiceContract(stage);
  vatContract(stage);
  refusalContract(stage);
  idempotencyContract(stage);
  reversalContract(stage);
  cardContract(stage);
  pageContract(stage);
  checkoutContract(stage);
}
