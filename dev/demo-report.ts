import colors from 'picocolors';
import { WALLETS } from '../domain/wallet.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { LedgerItem, TopUpItem } from './demo-api.ts';
import type { Evidence } from './demo-evidence.ts';
import type { DemoRun } from './demo.ts';
import { DEMO } from './demo-scenario.ts';

const WALLET_NAMES = { call_minutes: 'Call minutes', chat_credits: 'Chat credits' } as const;
const UNIT_NAMES = { call_minutes: 'minutes', chat_credits: 'credits' } as const;

/** The demo's account as a text for people: every balance, crossing, charge, credit and email, and what
 *  of it was not as expected. */
export function demoReport({ accountId, evidence, findings }: DemoRun): string {
  const wrong = findings.filter((finding) => !finding.right);
  return [
    '',
    colors.bold(`What happened to account ${accountId} (Scale plan, Germany)`),
    ...WALLETS.flatMap((wallet) => ['', ...walletLines(wallet, evidence)]),
    '',
    'Emails in the outbox',
    ...evidence.mails.toReversed().map((mail) => `  ${mail.kind.padEnd(18)} "${mail.subject}"`),
    '',
    ...wrong.map(({ expected, found }) => colors.red(`✗ expected ${expected}; found ${found}`)),
    wrong.length === 0
      ? colors.green(
          `✓ ${findings.length} of ${findings.length} expectations hold, each effect exactly once.`,
        )
      : colors.red(`${wrong.length} of ${findings.length} expectations do not hold.`),
  ].join('\n');
}

function walletLines(wallet: Wallet, evidence: Evidence): readonly string[] {
  const { settings } = DEMO[wallet];
  const entries = evidence.ledger[wallet];
  const topUps = evidence.topUps.filter((topUp) => topUp.wallet === wallet);
  return [
    `${WALLET_NAMES[wallet]}: alert below ${settings.alertBelow}, top up ${settings.amount} € below ${settings.topUpBelow}`,
    ...entries.map((entry, index) => entryLine(wallet, entry, entries[index - 1]?.balanceAfter ?? 0)),
    ...topUps.map((topUp) => chargeLine(topUp)),
  ];
}

function entryLine(wallet: Wallet, entry: LedgerItem, balanceBefore: number): string {
  const { settings } = DEMO[wallet];
  const crosses = (threshold: number) => balanceBefore >= threshold && entry.balanceAfter < threshold;
  const notes = [
    ...(crosses(settings.alertBelow) ? [colors.yellow(`← below ${settings.alertBelow}: alert`)] : []),
    ...(crosses(settings.topUpBelow) ? [colors.yellow(`← below ${settings.topUpBelow}: top-up`)] : []),
  ];
  const what = entryText(wallet, entry);
  return `  ${entry.balanceAfter.toFixed(2).padStart(9)}  ${what.padEnd(44)} ${notes.join(' ')}`.trimEnd();
}

function entryText(wallet: Wallet, entry: LedgerItem): string {
  const units = `${entry.units > 0 ? '+' : ''}${entry.units} ${UNIT_NAMES[wallet]}`;
  switch (entry.kind) {
    case 'grant':
      return `${units}, included in the plan`;
    case 'usage':
      return `${units}, ${entry.type === 'call' ? `${entry.source} call` : entry.type?.replaceAll('_', ' ')}`;
    case 'top_up':
      return colors.green(`${units}, credited by the top-up`);
    default:
      return `${units}, ${entry.kind}`;
  }
}

function chargeLine(topUp: TopUpItem): string {
  const euros = (amount: number | null) => (amount === null ? '?' : `${amount.toFixed(2)} €`);
  const invoice = topUp.invoiceNumber === null ? 'no invoice' : `invoice ${topUp.invoiceNumber}`;
  const sum = `${euros(topUp.amount)} net + ${euros(topUp.vat)} VAT = ${euros(topUp.total)}`;
  return `             charge: ${invoice}, ${sum}, ${topUp.state}`;
}
