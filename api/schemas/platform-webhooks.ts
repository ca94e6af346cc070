import { z } from 'zod';
import { CURRENCY } from '../../domain/money.ts';
import { TOP_UP_TRIGGERS } from '../../domain/top-up.ts';
import { WALLETS } from '../../domain/wallet.ts';
import type { WebhookType } from '../../domain/webhooks.ts';
import { instantSchema } from './values.ts';

const wallet = z.enum(WALLETS);
const account = z.string().describe("The platform's own id of the account.");
const balance = z.number().describe('Minutes or credits.');

const outlook = z
  .discriminatedUnion('state', [
    z.object({ state: z.enum(['off', 'running', 'suspended']) }),
    z.object({
      state: z.literal('on'),
      topUpBelow: z.number(),
      amount: z.number(),
      currency: z.literal(CURRENCY),
    }),
    z.object({ state: z.literal('limit_reached'), opensAt: instantSchema }),
  ])
  .describe('What automatic top-up is about to do.');

const purchase = {
  account,
  topUp: z.string().describe('Id of the top-up.'),
  wallet,
  trigger: z.enum(TOP_UP_TRIGGERS),
  units: z.number().int().describe('Whole minutes or credits.'),
  amount: z.number().describe('Net euros.'),
  currency: z.literal(CURRENCY),
};

const bothWallets = z.null().describe('It concerns both.');

/** What the platform is told by webhook, a schema for each type. */
export const WEBHOOK_SCHEMAS = {
  'balance.alert': webhook('balance.alert', {
    account,
    wallet,
    balance,
    alertBelow: z.number(),
    autoTopUp: outlook,
  }),
  'balance.depleted': webhook('balance.depleted', { account, wallet, balance, autoTopUp: outlook }),
  'top_up.succeeded': webhook('top_up.succeeded', {
    ...purchase,
    vat: z.number(),
    vatRate: z.string().nullable().describe('Percentage; null when no VAT was charged.'),
    reverseCharge: z.boolean(),
    total: z.number().describe('Gross euros.'),
    balance: balance.describe('Right after the credit.'),
    paidAt: instantSchema,
    invoiceNumber: z.string().nullable(),
    invoicePdf: z.string().nullable(),
  }),
  'top_up.failed': webhook('top_up.failed', {
    ...purchase,
    attempt: z.number().int(),
    reason: z.string().describe('Stable code.'),
    nextAttemptAt: instantSchema.nullable().describe('null after the last attempt.'),
  }),
  'top_up.action_required': webhook('top_up.action_required', {
    ...purchase,
    total: z.number().nullable().describe('Gross euros; null while it is not known.'),
    actionUrl: z.string().nullable().describe('Where the customer confirms the payment.'),
    until: instantSchema,
  }),
  'auto_top_up.suspended': webhook('auto_top_up.suspended', {
    account,
    wallet: bothWallets,
    reason: z.string().describe('Stable code.'),
  }),
  'auto_top_up.resumed': webhook('auto_top_up.resumed', { account, wallet: bothWallets }),
} as const satisfies Record<WebhookType, z.ZodType>;

/** The same in OpenAPI's words. */
export function webhookOperations() {
  return Object.fromEntries(
    Object.entries(WEBHOOK_SCHEMAS).map(([type, payload]) => {
      // Fields may be added: what receives them must not refuse what it does not know.
      const { $schema: _, ...schema } = z.toJSONSchema(payload, { io: 'input' });
      const operation = {
        summary: `Webhook \`${type}\``,
        description: 'Signed by Standard Webhooks, at least once, in no order: see docs/webhooks.md.',
        tags: ['Webhooks to the platform'],
        security: [],
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { '2XX': { description: 'Taken. Everything else is tried again.' } },
      };
      return [type, { post: operation }];
    }),
  );
}

function webhook<Type extends WebhookType, Data extends z.ZodRawShape>(type: Type, data: Data) {
  return z.object({ type: z.literal(type), timestamp: instantSchema, data: z.object(data) });
}
