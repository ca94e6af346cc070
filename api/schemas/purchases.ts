import { z } from 'zod';
import type { Policy } from '../../domain/policy.ts';
import { callerIdSchema, eurosSchema, instantSchema, walletSchema } from './values.ts';

const returnUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .describe(
    'Where Stripe sends the customer afterwards; an address of this service. Default: the credits page. After success ' +
      'it has `done=payment` and `topUp=<id>`, `done=card` or `done=billing` in its query as well, and `done=canceled` when the ' +
      'customer has turned back.',
  );

export const purchaseHeaders = z.object({
  'idempotency-key': callerIdSchema.describe('The same key again buys nothing more.'),
});

export function purchaseBody(policy: Pick<Policy, 'minAmountCents' | 'maxAmountCents'>) {
  return z
    .strictObject({
      wallet: walletSchema,
      amount: eurosSchema({ min: policy.minAmountCents, max: policy.maxAmountCents }).describe(
        'Euros without VAT.',
      ),
      method: z
        .enum(['card', 'checkout'])
        .default('card')
        .describe("The saved card, or Stripe's payment page, which asks for address and tax id."),
      returnUrl: returnUrlSchema.optional(),
    })
    .meta({ id: 'Purchase', examples: [{ wallet: 'call_minutes', amount: 50, method: 'checkout' }] });
}

export const pageBody = z
  .strictObject({
    for: z
      .enum(['card', 'profile'])
      .default('card')
      .describe('`card` saves a card; `profile` shows address, tax ids and cards.'),
    returnUrl: returnUrlSchema.optional(),
  })
  .meta({ id: 'PaymentMethodPageRequest', examples: [{ for: 'card' }] });

export const pageSchema = z
  .object({
    url: z.url().describe("Stripe's page, for this customer only."),
    expiresAt: instantSchema.optional(),
  })
  .meta({ id: 'PaymentMethodPage' });
