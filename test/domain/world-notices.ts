import type { NoticeRequest } from '../../domain/commands.ts';
import { noticeCause } from '../../domain/notices.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Wallet } from '../../domain/wallet.ts';
import type { Ledger } from './world-ledger.ts';

/** One save of a wallet's settings; `alertVersion` is the version of the one that brought its alert value. */
export type Saving = { wallet: Wallet; settings: Settings };

export type Told = { request: NoticeRequest; atMs: number };

/** The notices that were recorded. A trusting database only knows their causes; an honest one also sees that a
 *  crossing has been told under another entry. */
export function createNotices(world: {
  ledgers: Record<Wallet, Ledger>;
  savings: readonly Saving[];
  trusting: boolean;
  clock: () => number;
}) {
  const told: Told[] = [];
  const causes = new Set<string>();
  return {
    told,
    lastTold,

    tell: (request: NoticeRequest): void => {
      const cause = noticeCause(request);
      if (causes.has(cause) || (!world.trusting && isToldAlready(request))) return;
      causes.add(cause);
      told.push({ request, atMs: world.clock() });
    },
  };

  /** The entries at which the last notices of a wallet were told. */
  function lastTold(wallet: Wallet, alertVersion: number): { alert: number | null; depleted: number | null } {
    const seqs = { alert: null as number | null, depleted: null as number | null };
    for (const { request } of told) {
      if (request.kind !== 'balance.alert' && request.kind !== 'balance.depleted') continue;
      if (request.wallet !== wallet) continue;
      if (request.kind === 'balance.depleted') seqs.depleted = request.seq;
      else if (request.alertVersion === alertVersion) seqs.alert = request.seq;
    }
    return seqs;
  }

  function isToldAlready(request: NoticeRequest): boolean {
    if (request.kind !== 'balance.alert' && request.kind !== 'balance.depleted') return false;
    const { wallet, seq, kind } = request;
    const alertVersion = kind === 'balance.alert' ? request.alertVersion : 0;
    const last = lastTold(wallet, alertVersion)[kind === 'balance.alert' ? 'alert' : 'depleted'];
    if (last === null) return false;
    const saving = world.savings.find(
      (made) => made.wallet === wallet && made.settings.version === alertVersion,
    );
    const alertBelow = saving?.settings.alertBelow ?? 0;
    const isArming = (balance: number) => (kind === 'balance.alert' ? balance >= alertBelow : balance > 0);
    const since = world.ledgers[wallet].entries.slice(Math.max(0, last - 1), seq);
    return !since.some((entry) => isArming(entry.balanceAfter));
  }
}
