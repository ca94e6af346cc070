import { expect, test } from 'vitest';
import type { LedgerItem } from '../../dev/demo-api.ts';
import type { Evidence } from '../../dev/demo-evidence.ts';
import { DEMO, usedUpBalance } from '../../dev/demo-scenario.ts';
import { verifyDemo } from '../../dev/demo-verify.ts';
import { forEachWallet, WALLETS } from '../../domain/wallet.ts';
import type { Wallet } from '../../domain/wallet.ts';

function ledgerOf(wallet: Wallet): LedgerItem[] {
  const { granted, usage, unitsBought } = DEMO[wallet];
  const steps = [
    { kind: 'grant', units: granted },
    ...usage.map((step) => ({ kind: 'usage', units: -step.units })),
    { kind: 'top_up', units: unitsBought },
  ];
  let balance = 0;
  return steps.map(({ kind, units }, index) => {
    balance += units;
    return { wallet, seq: index + 1, kind, units, balanceAfter: balance, source: null, type: null };
  });
}

const GROSS_CENTS: Record<Wallet, number> = { call_minutes: 5_950, chat_credits: 1_190 };

/** What the witnesses say when everything happened once. */
function rightEvidence() {
  return {
    account: {
      id: 'demo_1',
      stripeCustomerId: 'cus_1',
      wallets: forEachWallet((wallet) => ({
        balance: usedUpBalance(DEMO[wallet]) + DEMO[wallet].unitsBought,
        autoTopUp: { state: 'armed' },
      })),
    },
    ledger: forEachWallet(ledgerOf),
    topUps: WALLETS.map((wallet) => ({
      id: `topup_${wallet}`,
      wallet,
      trigger: 'auto',
      state: 'credited',
      amount: DEMO[wallet].settings.amount,
      vat: 0,
      total: 0,
      units: DEMO[wallet].unitsBought,
      invoiceNumber: 'A-1',
    })),
    notifications: WALLETS.flatMap((wallet) =>
      ['balance.alert', 'top_up.succeeded'].map((kind) => ({
        id: `${kind}${wallet}`,
        kind,
        wallet,
        title: '',
      })),
    ),
    invoices: WALLETS.map((wallet) => ({
      topUpId: `topup_${wallet}`,
      number: 'A-1',
      status: 'paid',
      netCents: DEMO[wallet].settings.amount * 100,
      totalCents: GROSS_CENTS[wallet],
      currency: 'eur',
      succeededPayments: 1,
    })),
    mails: WALLETS.flatMap((wallet) =>
      ['balance.alert', 'top_up.succeeded'].map((kind) => ({
        id: `${kind}${wallet}`,
        kind,
        subject: `${kind} ${wallet}`,
        to: 'a@customer.example',
      })),
    ),
  } satisfies Evidence;
}

function wrongFindings(change: (evidence: ReturnType<typeof rightEvidence>) => void): string[] {
  const evidence = rightEvidence();
  change(evidence);
  return verifyDemo(evidence)
    .filter((finding) => !finding.right)
    .map((finding) => finding.expected);
}

test('each effect found once comes out right', () => {
  expect(wrongFindings(() => undefined)).toEqual([]);
});

test('the scenario buys what the product promises: 454 minutes for 50 €, 1,285 credits for 10 €', () => {
  expect(DEMO.call_minutes).toMatchObject({ unitsBought: 454, settings: { amount: 50 } });
  expect(DEMO.chat_credits).toMatchObject({ unitsBought: 1_285, settings: { amount: 10 } });
});

const FAULTS: readonly [string, (evidence: ReturnType<typeof rightEvidence>) => void, RegExp][] = [
  ['a second charge', (e) => e.invoices.push({ ...e.invoices[0]! }), /one paid invoice at Stripe/],
  [
    'a charge that belongs to no top-up',
    (e) => e.invoices.push({ ...e.invoices[0]!, topUpId: 'topup_other' }),
    /no invoice besides these/,
  ],
  ['a second payment of an invoice', (e) => (e.invoices[0]!.succeededPayments = 2), /one succeeded payment/],
  ['an invoice without VAT', (e) => (e.invoices[0]!.totalCents = 5_000), /one paid invoice at Stripe/],
  ['an invoice that was not paid', (e) => (e.invoices[1]!.status = 'open'), /chat_credits: one paid invoice/],
  ['no credit', (e) => e.ledger.call_minutes.pop(), /call_minutes: ledger has one top-up entry/],
  [
    'a second credit',
    (e) => e.ledger.call_minutes.push({ ...e.ledger.call_minutes.at(-1)!, seq: 8, balanceAfter: 912.5 }),
    /call_minutes: ledger has one top-up entry/,
  ],
  [
    'usage counted twice',
    (e) => e.ledger.chat_credits.splice(2, 0, e.ledger.chat_credits[1]!),
    /chat_credits: ledger has every usage event once/,
  ],
  [
    'a gap in seq',
    (e) => (e.ledger.call_minutes[3] = { ...e.ledger.call_minutes[3]!, seq: 9 }),
    /without a gap/,
  ],
  [
    'a balance that is not the sum',
    (e) => (e.account.wallets.call_minutes.balance += 1),
    /call_minutes: balance at the end/,
  ],
  ['a missing email', (e) => e.mails.pop(), /one top_up.succeeded email per wallet/],
  ['an email sent twice', (e) => e.mails.push({ ...e.mails[0]! }), /one balance.alert email per wallet/],
  [
    'an email twice instead of two',
    (e) => (e.mails[2] = { ...e.mails[0]! }),
    /one balance.alert email per wallet/,
  ],
  [
    'an email about something else',
    (e) => e.mails.push({ ...e.mails[0]!, kind: 'balance.depleted' }),
    /no email besides these/,
  ],
  [
    'a missing notification',
    (e) => e.notifications.shift(),
    /call_minutes: one balance.alert on the dashboard/,
  ],
  [
    'a notification about something else',
    (e) => e.notifications.push({ ...e.notifications[0]!, kind: 'top_up.failed' }),
    /no dashboard notification besides these/,
  ],
  ['a top-up that is still open', (e) => (e.topUps[0]!.state = 'paid'), /call_minutes: one top-up, credited/],
];

test.each(FAULTS)('%s is found', (_name, change, expected) => {
  expect(wrongFindings(change)).toContainEqual(expect.stringMatching(expected));
});
