import { isDeepStrictEqual } from 'node:util';
import type { TopUpProgress, WalletState } from '../../domain/account-state.ts';
import type { Command, NoticeRequest } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { guardInTheWay, multiplesWithinCap } from '../../domain/guards.ts';
import { cents } from '../../domain/money.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { PRICES, quote } from '../../domain/prices.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { isOpen } from './world-database.ts';
import type { Observer, World } from './world.ts';

/** Watches a world, and says at the end what was not kept. */
export type Watch = (world: World) => () => string[];

type Decided = Parameters<Observer>[0];

/** Calls back for every automatic top-up that is decided, before the database has judged it. */
function onNewOrder(world: World, callback: (order: TopUpOrder, decided: Decided) => void): void {
  world.observers.push((decided) => {
    for (const command of decided.commands) {
      if (command.kind !== 'charge') continue;
      const { order, wallet } = command;
      const isNew = decided.before.wallets[wallet].topUp?.order.topUpId !== order.topUpId;
      if (isNew && world.database.find(order.topUpId) === null) callback(order, decided);
    }
  });
}

function walletOf({ after }: Decided, order: TopUpOrder): WalletState {
  return after.wallets[order.wallet];
}

/** The notices that count: with an honest database those it lets through, as after a restart the workflow may
 *  ask again; with a trusting one all that were asked for. */
function notices(world: World, isTrusting: boolean): () => NoticeRequest[] {
  const asked: NoticeRequest[] = [];
  world.observers.push(({ commands }) => {
    for (const command of commands) if (command.kind === 'notify') asked.push(command.request);
  });
  return () => (isTrusting ? asked : world.database.told.map(({ request }) => request));
}

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

export const staysBelowThreshold: Watch = (world) => {
  const wrong: string[] = [];
  onNewOrder(world, (order, decided) => {
    const { settings, balance } = walletOf(decided, order);
    const { warrant } = order;
    if (settings === null || warrant === null || !settings.enabled) {
      wrong.push(`${order.topUpId}: without settings`);
      return;
    }
    const isRefusal = settings.topUpOnRefusal && world.database.ledgers[order.wallet].refusals.length > 0;
    if (balance >= warrant.target) wrong.push(`${order.topUpId}: ${balance} is not below ${warrant.target}`);
    if (balance >= settings.topUpBelow && !isRefusal) wrong.push(`${order.topUpId}: not below the threshold`);
  });
  return () => wrong;
};

export const keepsCaps: Watch = (world) => () =>
  world.database.topUps
    .filter(({ order }) => order.trigger === 'auto')
    .flatMap(({ order, limits }) => {
      const { spentCents, capCents, startsOfTheDay } = limits;
      const isCapped = capCents !== null && spentCents + order.amountCents > capCents;
      const isTooMany = startsOfTheDay >= world.policy.maxTopUpsPerDay;
      return [
        ...(isCapped ? [`${order.topUpId}: ${spentCents} + ${order.amountCents} > ${capCents}`] : []),
        ...(isTooMany ? [`${order.topUpId}: number ${startsOfTheDay + 1} of the day`] : []),
      ];
    });

export const fliesAlone: Watch = (world) => {
  const wrong: string[] = [];
  world.observers.push(() => {
    for (const wallet of WALLETS) {
      const open = world.database.open(wallet).map(({ order }) => order.topUpId);
      if (open.length > 1) wrong.push(`${wallet}: ${open.join(' and ')} are open`);
    }
  });
  return () => wrong;
};

export const creditsWhatIsPaid: Watch = (world) => () => {
  const { topUps, ledgers } = world.database;
  const paid = new Set(world.provider.paidTopUpIds());
  const wrong = [...world.provider.complaints];
  for (const { order, creditSeq, state } of topUps) {
    const { topUpId, wallet } = order;
    if (paid.has(topUpId) !== (creditSeq !== null)) wrong.push(`${topUpId}: paid or credited alone`);
    const entry = creditSeq === null ? undefined : ledgers[wallet].entries[creditSeq - 1];
    if (entry !== undefined && entry.quantity !== order.quantity) wrong.push(`${topUpId}: other quantity`);
    if (isOpen(state)) wrong.push(`${topUpId}: left ${state}`);
  }
  return wrong;
};

export const landsOrSaysWhy: Watch = (world) => {
  const wrong: string[] = [];
  onNewOrder(world, (order, decided) => {
    const { settings, spentThisMonthCents, balance } = walletOf(decided, order);
    const { warrant, amountCents, wallet } = order;
    if (settings === null || warrant === null) return;
    const multiple = amountCents / settings.amountCents;
    const room = multiplesWithinCap(settings.amountCents, settings.monthlyCapCents, spentThisMonthCents);
    const landsAt = (times: number) =>
      balance + quote(PRICES.scale, wallet, cents(settings.amountCents * times)).quantity;
    if (!Number.isInteger(multiple) || multiple < 1) wrong.push(`${order.topUpId}: ${multiple} amounts`);
    if (landsAt(multiple) < warrant.target && multiple !== Math.min(world.policy.maxMultiple, room)) {
      wrong.push(`${order.topUpId}: lands at ${landsAt(multiple)} of ${warrant.target}`);
    }
    if (multiple > 1 && landsAt(multiple - 1) >= warrant.target) wrong.push(`${order.topUpId}: too much`);
  });
  return () => wrong;
};

export const callsNeedCampaigns: Watch = (world) => {
  const wrong: string[] = [];
  const ledger = world.database.ledgers.call_minutes;
  /** Where the balance was last seen to have recovered. */
  let recoveredSeq = 0;
  onNewOrder(world, (order) => {
    if (order.wallet !== 'call_minutes' || order.warrant === null) return;
    const settings = world.database.savings.findLast(
      (saving) =>
        saving.wallet === order.wallet && saving.settings.version === order.warrant?.settingsVersion,
    )?.settings;
    const isCampaign = ledger.entries
      .slice(recoveredSeq)
      .some((entry) => entry.source === 'campaign' && entry.balanceAfter < (settings?.topUpBelow ?? 0));
    const isRefusal = ledger.refusals.some(({ required }) => required > (order.warrant?.balance ?? 0));
    if (!isCampaign && !(isRefusal && settings?.topUpOnRefusal === true)) wrong.push(order.topUpId);
  });
  world.observers.push(({ after: { wallets, known } }) => {
    const { settings, balance, seq } = wallets.call_minutes;
    if (known && settings !== null && balance >= settings.topUpBelow) recoveredSeq = seq;
  });
  return () => wrong;
};

/** Looks at a world at rest in which nothing is broken any more. */
export const comesToPass: Watch = (world) => () => {
  const { database, policy } = world;
  const wrong: string[] = [];
  for (const wallet of WALLETS) {
    const saved = database.saved[wallet];
    const ledger = database.ledgers[wallet];
    if (saved?.settings.enabled !== true || database.account.suspension !== null) continue;
    const { settings } = saved;
    if (ledger.balance() >= settings.topUpBelow) continue;
    const isWanted =
      wallet === 'chat_credits' || ledger.campaignLowestSinceRecovery(ledger.seq(), saved) !== null;
    const guard = guardInTheWay(
      {
        ...settings,
        spentThisMonthCents: cents(database.spentThisMonth(wallet)),
        monthEndsAtMs: 0,
        recentTopUpsAtMs: database.startsOfTheDay(wallet),
      },
      world.now(),
      policy,
    );
    const buysNothing = quote(PRICES.scale, wallet, settings.amountCents).units < 1;
    // A cap below one amount never opens; a limit that opens later would have been waited for.
    const isHopeless = settings.monthlyCapCents !== null && settings.monthlyCapCents < settings.amountCents;
    if (isWanted && !isHopeless && !buysNothing && guard?.reason !== 'monthly_cap') {
      wrong.push(`${wallet}: ${ledger.balance()} is below ${settings.topUpBelow} and nothing happens`);
    }
  }
  return wrong;
};

export const looksUpTheUnknown: Watch = (world) => {
  const wrong: string[] = [];
  const unknown = new Map<string, { attempt: number; sinceMs: number; isQuiet: boolean }>();
  world.observers.push(({ before, input, commands, nowMs }) => {
    if ('topUpId' in input) {
      const { topUpId, wallet } = input;
      const topUp: TopUpProgress | null = before.wallets[wallet].topUp;
      const entry = unknown.get(topUpId);
      const isCharging = topUp?.order.topUpId === topUpId && topUp.step.kind === 'charging';
      const isLost = input.kind === 'charged' && input.outcome.status === 'unknown';
      if (isCharging && (isLost || input.kind === 'gave_up')) {
        unknown.set(topUpId, { attempt: topUp.attempt, sinceMs: nowMs, isQuiet: false });
      } else if (input.kind === 'charged') unknown.delete(topUpId);
      else if (input.kind === 'looked_up' && entry !== undefined) {
        const { outcome } = input;
        const isOver = nowMs - entry.sinceMs >= world.policy.unknownQuietMs;
        entry.isQuiet = outcome.status === 'open' && !outcome.processing && isOver;
      }
    }
    for (const command of commands) {
      if (command.kind !== 'charge') continue;
      const entry = unknown.get(command.order.topUpId);
      if (entry === undefined || command.attempt <= entry.attempt) continue;
      if (!entry.isQuiet) wrong.push(`${command.order.topUpId}: charged again while unknown`);
    }
  });
  return () => wrong;
};

export const keepsToTheSchedule: Watch = (world) => {
  const wrong: string[] = [];
  onNewOrder(world, (order) => {
    const { suspension } = world.database.account;
    if (world.database.failuresInRow() >= world.policy.failuresUntilSuspension) {
      wrong.push(`${order.topUpId}: decided after ${world.database.failuresInRow()} failures in a row`);
    }
    if (suspension?.reason === 'hard_decline' || suspension?.reason === 'repeated_failures') {
      wrong.push(`${order.topUpId}: decided while suspended`);
    }
  });
  return () => {
    const { softDeclineDelaysMs } = world.policy;
    for (const { order } of world.database.topUps) {
      const payments = world.provider.payments.filter(({ topUpId }) => topUpId === order.topUpId);
      let declines = 0;
      payments.forEach(({ behaviour, isKnown, atMs }, index) => {
        if (!isKnown) return;
        const next = payments[index + 1];
        if (behaviour === 'hard_decline' && next !== undefined)
          wrong.push(`${order.topUpId}: tried a dead card`);
        if (behaviour !== 'soft_decline') return;
        const delayMs = softDeclineDelaysMs[declines];
        declines += 1;
        if (next === undefined) return;
        if (delayMs === undefined) wrong.push(`${order.topUpId}: attempt after ${declines} declines`);
        else if (next.atMs < atMs + delayMs) wrong.push(`${order.topUpId}: tried again too soon`);
      });
    }
    return wrong;
  };
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
      if (dueMs !== null && (next === null || next > dueMs))
        wrong.push(`${input.kind}: sleeps past ${dueMs}`);
    }
  });
  return () => wrong;
};

/** What one decision may start: a handful of commands, whatever it hears. */
export const staysCalm: Watch = (world) => {
  const wrong: string[] = [];
  const isMoney = (command: Command) => 'wallet' in command && command.kind !== 'defer';
  world.observers.push(({ commands, input }) => {
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

function alertBelowOf(world: World, wallet: Wallet, alertVersion: number): number {
  const saving = world.database.savings.find(
    (made) => made.wallet === wallet && made.settings.alertVersion === alertVersion,
  );
  if (saving === undefined) throw new Error(`no settings of alert version ${alertVersion}`);
  return saving.settings.alertBelow;
}

function dueOf({ topUp }: WalletState): number | null {
  switch (topUp?.step.kind) {
    case 'retry_at':
    case 'look_up_at':
      return topUp.step.atMs;
    case 'authenticate_until':
      return topUp.step.untilMs;
    default:
      return null;
  }
}
