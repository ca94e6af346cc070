import type { AccountId } from '../../domain/ids.ts';
import { toEuros } from '../../domain/money.ts';
import type {
  AutoTopUpOutlook,
  Notice,
  TopUpAction,
  TopUpFailed,
  TopUpSucceeded,
} from '../../domain/notices.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import type { Wallet } from '../../domain/wallet.ts';
import type { WebhookMessage } from '../../domain/webhooks.ts';

type Content = { type: WebhookMessage['type']; atMs: number; data: Record<string, unknown> };

/** The webhook that tells the platform of a notice: display units and euros as in the HTTP API, nothing that
 *  identifies a person.
 *  @param nowMs when it happened, unless the notice itself knows.
 *  @returns null for a notice that concerns the customer alone. */
export function webhookMessage(accountId: AccountId, notice: Notice, nowMs: number): WebhookMessage | null {
  const content = contentOf(notice, nowMs);
  if (content === null) return null;
  const { type, atMs, data } = content;
  const timestamp = new Date(atMs).toISOString();
  return { type, payload: JSON.stringify({ type, timestamp, data: { account: accountId, ...data } }) };
}

function contentOf(notice: Notice, nowMs: number): Content | null {
  switch (notice.kind) {
    case 'balance.alert': {
      const { kind, wallet, balance, alertBelow, autoTopUp } = notice;
      const units = {
        balance: toDisplayUnits(wallet, balance),
        alertBelow: toDisplayUnits(wallet, alertBelow),
      };
      return { type: kind, atMs: nowMs, data: { wallet, ...units, autoTopUp: outlook(wallet, autoTopUp) } };
    }
    case 'balance.depleted': {
      const { kind, wallet, balance, autoTopUp } = notice;
      const units = { balance: toDisplayUnits(wallet, balance) };
      return { type: kind, atMs: nowMs, data: { wallet, ...units, autoTopUp: outlook(wallet, autoTopUp) } };
    }
    case 'top_up.succeeded':
      return { type: notice.kind, atMs: notice.paidAtMs, data: { ...purchase(notice), ...receipt(notice) } };
    case 'top_up.failed': {
      const { kind, attempt, reason, nextAttemptAtMs } = notice;
      const nextAttemptAt = nextAttemptAtMs === null ? null : instant(nextAttemptAtMs);
      return { type: kind, atMs: nowMs, data: { ...purchase(notice), attempt, reason, nextAttemptAt } };
    }
    case 'top_up.action_required': {
      const { totalCents, actionUrl, untilMs } = notice;
      const total = totalCents === null ? null : toEuros(totalCents);
      const data = { ...purchase(notice), total, actionUrl, until: instant(untilMs) };
      return { type: 'top_up.action_required', atMs: nowMs, data };
    }
    case 'auto_top_up.suspended':
      return { type: notice.kind, atMs: notice.sinceMs, data: { wallet: null, reason: notice.reason } };
    case 'auto_top_up.resumed':
      return { type: notice.kind, atMs: notice.sinceMs, data: { wallet: null } };
    case 'top_up.action_reminder':
    case 'top_up.refunded':
      return null;
  }
}

function outlook(wallet: Wallet, outlookOf: AutoTopUpOutlook): Record<string, unknown> {
  switch (outlookOf.state) {
    case 'on': {
      const { state, topUpBelow, amountCents, currency } = outlookOf;
      return {
        state,
        topUpBelow: toDisplayUnits(wallet, topUpBelow),
        amount: toEuros(amountCents),
        currency,
      };
    }
    case 'limit_reached':
      return { state: outlookOf.state, opensAt: instant(outlookOf.opensAtMs) };
    case 'off':
    case 'running':
    case 'suspended':
      return { state: outlookOf.state };
  }
}

function purchase({
  topUpId,
  wallet,
  trigger,
  units,
  amountCents,
  currency,
}: TopUpSucceeded | TopUpFailed | TopUpAction) {
  return { topUp: topUpId, wallet, trigger, units, amount: toEuros(amountCents), currency };
}

function receipt({ wallet, ...figures }: TopUpSucceeded): Record<string, unknown> {
  return {
    vat: toEuros(figures.vatCents),
    vatRate: figures.vatRate,
    reverseCharge: figures.reverseCharge,
    total: toEuros(figures.totalCents),
    balance: toDisplayUnits(wallet, figures.balance),
    paidAt: instant(figures.paidAtMs),
    invoiceNumber: figures.invoiceNumber,
    invoicePdf: figures.invoicePdfUrl,
  };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
