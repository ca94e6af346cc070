import { isDeepStrictEqual } from 'node:util';
import type { WalletState } from '../../domain/account-state.ts';
import type { Command, NoticeRequest } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import type { World } from './world.ts';

/** Watches a world, and says at the end what was not kept. */
export type Watch = (world: World) => () => string[];

export const tellsOnce =
  (isTrusting: boolean): Watch =>
  (world) => {
    const all = notices(world, isTrusting);
    return () => {
      const wrong: string[] = [];
      for (const wallet of WALLETS) {
        const { entries } = world.database.ledgers[wallet];
        const rose = (from: number, to: number, isAbove: (balance: number) => boolean) =>
          entries.slice(Math.max(0, from - 1), to).some((entry) => isAbove(entry.balanceAfter));
        const last = new Map<string, number>();
        for (const request of all()) {
          if (request.kind !== 'balance.alert' && request.kind !== 'balance.depleted') continue;
          if (request.wallet !== wallet) continue;
          const isAlert = request.kind === 'balance.alert';
          const key = isAlert ? `alert ${request.alertVersion}` : 'depleted';
          const alertBelow = isAlert ? alertBelowOf(world, wallet, request.alertVersion) : 0;
          const isArming = (balance: number) => (isAlert ? balance >= alertBelow : balance > 0);
          const before = last.get(key);
          // A new account has not run out of anything.
          const from = before ?? (isAlert ? null : 0);
          if (from !== null && !rose(from, request.seq, isArming)) {
            wrong.push(`${key} of ${wallet} told at ${request.seq} after ${before ?? 'nothing'}`);
          }
          last.set(key, request.seq);
        }
      }
      return wrong;
    };
  };

export const tellsWhatLasts: Watch = (world) => () => {
  const wrong: string[] = [];
  for (const wallet of WALLETS) {
    const { entries, balance } = world.database.ledgers[wallet];
    const settings = world.database.saved[wallet]?.settings ?? null;
    const told = world.database.told.map(({ request }) => request);
    const alertBelow = settings?.alertBelow ?? 0;
    const lastAbove = entries.findLast((entry) => entry.balanceAfter >= alertBelow)?.seq ?? -1;
    const isTold = told.some(
      (request) =>
        request.kind === 'balance.alert' &&
        request.wallet === wallet &&
        request.alertVersion === settings?.alertVersion &&
        request.seq > lastAbove,
    );
    if (settings?.enabled === true && balance() < alertBelow && !isTold) wrong.push(`${wallet}: no alert`);
    const lastPositive = entries.findLast((entry) => entry.balanceAfter > 0)?.seq ?? null;
    const isDepletionTold = told.some(
      (request) =>
        request.kind === 'balance.depleted' && request.wallet === wallet && request.seq > (lastPositive ?? 0),
    );
    if (balance() <= 0 && lastPositive !== null && !isDepletionTold) wrong.push(`${wallet}: no depletion`);
  }
  return wrong;
};

export const isPure: Watch = (world) => {
  const wrong: string[] = [];
  world.observers.push(({ before, input, after, commands, nowMs }) => {
    const carried = JSON.parse(JSON.stringify(before)) as typeof before;
    const again = decide(carried, input, nowMs);
    if (!isDeepStrictEqual(again, { state: after, commands })) wrong.push(`${input.kind} at ${nowMs}`);
  });
  return () => wrong;
};

export const knowsItsNextWake: Watch = (world) => {
  const wrong: string[] = [];
  world.observers.push(({ after, nowMs, input }) => {
    const next = nextWakeAtMs(after, nowMs);
    if (next !== null && next <= nowMs) wrong.push(`${input.kind}: wakes in the past`);
    for (const wallet of WALLETS) {
      const dueMs = dueOf(after.wallets[wallet]);
      if (dueMs === null) continue;
      if (next === null || next > dueMs) wrong.push(`${input.kind}: sleeps past ${dueMs}`);
    }
  });
  return () => wrong;
};

/** What one decision may start: a handful of commands, whatever it hears. */
export const staysCalm: Watch = (world) => {
  const wrong: string[] = [];
  const isMoney = (command: Command) => 'wallet' in command && command.kind !== 'defer';
  world.observers.push(({ commands, input }) => {
    for (const [kind, line] of [
      ['read_account', 'reads'],
      ['sync_customer', 'customer'],
    ] as const) {
      const started = commands.filter((command) => command.kind === kind).length;
      if (world.lines[line].length + started > 1) wrong.push(`${input.kind}: a second ${kind}`);
    }
    if (commands.length > 10) wrong.push(`${input.kind}: ${commands.length} commands`);
    for (const wallet of WALLETS) {
      const own = commands.filter(
        (command) => isMoney(command) && 'wallet' in command && command.wallet === wallet,
      );
      if (own.length > 1) wrong.push(`${input.kind}: ${own.map(({ kind }) => kind).join(', ')}`);
    }
  });
  return () => wrong;
};

/** Reads in a row, with nothing else heard in between: one that was overtaken, one that saw more than had been watched,
 *  and one for what has been watched since. */
const READS_BY_ONE_FACT = 3;

/** A read that only leads to another one has learnt nothing; time or news has to come first. */
export const readsNotInCircles: Watch = (world) => {
  const wrong: string[] = [];
  let inRow = 0;
  let lastMs = 0;
  world.observers.push(({ commands, input, nowMs }) => {
    const readsAgain = commands.some(({ kind }) => kind === 'read_account');
    const isSame = input.kind === 'account_read' && nowMs === lastMs;
    inRow = readsAgain ? (isSame ? inRow : 0) + 1 : 0;
    lastMs = nowMs;
    if (inRow > READS_BY_ONE_FACT) wrong.push(`${inRow} reads in a row at ${nowMs}`);
  });
  return () => wrong;
};

/** The notices that count: with an honest database those it lets through, as after a restart the workflow may
 *  ask again; with a trusting one all that were asked for. */
function notices(world: World, isTrusting: boolean): () => NoticeRequest[] {
  const asked: NoticeRequest[] = [];
  world.observers.push(({ commands }) => {
    for (const command of commands) if (command.kind === 'notify') asked.push(command.request);
  });
  return () => (isTrusting ? asked : world.database.told.map(({ request }) => request));
}

function alertBelowOf(world: World, wallet: Wallet, alertVersion: number): number {
  const saving = world.database.savings.find(
    (made) => made.wallet === wallet && made.settings.alertVersion === alertVersion,
  );
  if (saving === undefined) throw new Error(`no settings of alert version ${alertVersion}`);
  return saving.settings.alertBelow;
}

function dueOf({ topUp }: WalletState): number | null {
  if (topUp === null) return null;
  const { step } = topUp;
  switch (step.kind) {
    case 'retry_at':
    case 'look_up_at':
      return step.atMs;
    case 'authenticate_until':
      return step.untilMs;
    case 'charging':
    case 'crediting':
    case 'looking_up':
    case 'closing':
      return null;
  }
}
