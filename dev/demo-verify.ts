import { WALLETS } from '../domain/wallet.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { LedgerItem } from './demo-api.ts';
import type { Evidence } from './demo-evidence.ts';
import { DEMO, grossCents, usedUpBalance } from './demo-scenario.ts';

/** One thing that has to be so, and what was found. */
export type Finding = { readonly expected: string; readonly found: string; readonly right: boolean };

const TOLD_BY = ['balance.alert', 'top_up.succeeded'] as const;

/** Compares what the witnesses say with what the demo has to bring about, each effect exactly once.
 *  @returns a finding for every expectation, right or not. */
export function verifyDemo(evidence: Evidence): readonly Finding[] {
  return [
    ...WALLETS.flatMap((wallet) => walletFindings(wallet, evidence)),
    count('no invoice besides these', WALLETS.length, evidence.invoices.length),
    ...TOLD_BY.map((kind) => {
      const mails = evidence.mails.filter((mail) => mail.kind === kind);
      // A different subject for each wallet: two mails about the same would not be two.
      const subjects = new Set(mails.map((mail) => mail.subject)).size;
      return {
        expected: `one ${kind} email per wallet`,
        found: `${mails.length} with ${subjects} subjects`,
        right: mails.length === WALLETS.length && subjects === WALLETS.length,
      };
    }),
    count('no email besides these', WALLETS.length * TOLD_BY.length, evidence.mails.length),
    count(
      'no dashboard notification besides these',
      WALLETS.length * TOLD_BY.length,
      evidence.notifications.length,
    ),
  ];
}

function walletFindings(wallet: Wallet, evidence: Evidence): readonly Finding[] {
  const scenario = DEMO[wallet];
  const entries = evidence.ledger[wallet];
  const ofKind = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const topUps = evidence.topUps.filter((topUp) => topUp.wallet === wallet && topUp.state === 'credited');
  const invoices = evidence.invoices.filter((invoice) => topUps.some(({ id }) => id === invoice.topUpId));
  const netCents = scenario.settings.amount * 100;
  const endBalance = usedUpBalance(scenario) + scenario.unitsBought;
  return [
    count(`${wallet}: ledger has every usage event once`, scenario.usage.length, ofKind('usage').length),
    count(`${wallet}: ledger has one grant`, 1, ofKind('grant').length),
    equal(
      `${wallet}: ledger has one top-up entry`,
      [scenario.unitsBought],
      ofKind('top_up').map((entry) => entry.units),
    ),
    {
      expected: `${wallet}: seq without a gap, balances chain`,
      found: `${entries.length} entries`,
      right: chains(entries),
    },
    equal(`${wallet}: balance at the end`, endBalance, evidence.account.wallets[wallet].balance),
    count(`${wallet}: one top-up, credited`, 1, topUps.length),
    equal(
      `${wallet}: one paid invoice at Stripe, net and gross in cents`,
      [['paid', 'eur', netCents, grossCents(scenario.settings.amount)]],
      invoices.map((invoice) => [invoice.status, invoice.currency, invoice.netCents, invoice.totalCents]),
    ),
    equal(
      `${wallet}: one succeeded payment`,
      [1],
      invoices.map((invoice) => invoice.succeededPayments),
    ),
    ...TOLD_BY.map((kind) => {
      const told = evidence.notifications.filter((item) => item.wallet === wallet && item.kind === kind);
      return count(`${wallet}: one ${kind} on the dashboard`, 1, told.length);
    }),
  ];
}

function chains(entries: readonly LedgerItem[]): boolean {
  // Thousandths, because sums of decimal fractions are not exact.
  const thousandths = (units: number) => Math.round(units * 1000);
  let balance = 0;
  return entries.every((entry, index) => {
    balance += thousandths(entry.units);
    return entry.seq === index + 1 && thousandths(entry.balanceAfter) === balance;
  });
}

function count(expected: string, wanted: number, found: number): Finding {
  return { expected, found: String(found), right: wanted === found };
}

function equal(expected: string, wanted: unknown, found: unknown): Finding {
  return {
    expected: `${expected} = ${JSON.stringify(wanted)}`,
    found: JSON.stringify(found),
    right: JSON.stringify(wanted) === JSON.stringify(found),
  };
}
