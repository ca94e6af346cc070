import type { TopUpProgress, WalletState } from '../../domain/account-state.ts';
import { guardInTheWay, multiplesWithinCap } from '../../domain/guards.ts';
import { cents } from '../../domain/money.ts';
import { PRICES, quote } from '../../domain/prices.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { forEachWallet, WALLETS } from '../../domain/wallet.ts';
import { isOpen } from './world-database.ts';
import { requiredThen } from './world-ledger.ts';
import type { Watch } from './world-promises.ts';
import type { Observer, World } from './world.ts';

type Decided = Parameters<Observer>[0];

export const staysBelowThreshold: Watch = (world) => {
  const wrong: string[] = [];
  /** The last credit of each wallet that this run of the workflow has heard of. */
  let creditedSeq = forEachWallet(() => 0);
  world.observers.push(({ before, input }) => {
    if (!before.known) creditedSeq = forEachWallet(() => 0);
    if (input.kind === 'credited') creditedSeq[input.wallet] = input.seq;
  });
  onNewOrder(world, (order, decided) => {
    const { settings, balance } = walletOf(decided, order);
    const { warrant } = order;
    if (settings === null || warrant === null || !settings.enabled) {
      wrong.push(`${order.topUpId}: without settings`);
      return;
    }
    const isRefusal =
      settings.topUpOnRefusal &&
      world.database.ledgers[order.wallet].holds.some(({ state }) => state === 'refused');
    if (warrant.seq < creditedSeq[order.wallet]) wrong.push(`${order.topUpId}: a credit is on its way`);
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
    const topUpBelow = settings?.topUpBelow ?? 0;
    const recovery = ledger.entries
      .slice(0, order.warrant.seq)
      .findLast((entry) => entry.balanceAfter >= topUpBelow);
    // Seen to have recovered under older settings is not recovered under these.
    const fromSeq = Math.min(recoveredSeq, recovery?.seq ?? 0);
    const isCampaign =
      ledger.entries
        .slice(fromSeq)
        .some((entry) => entry.source === 'campaign' && entry.balanceAfter < topUpBelow) ||
      ledger.holds.some(({ seq, state, balance }) => {
        const counts = state !== 'refused' || settings?.topUpOnRefusal === true;
        return counts && seq >= fromSeq && balance < topUpBelow;
      });
    // A refusal stands until the balance has recovered, or reached what was refused.
    const isRefusal = ledger.holds.some(
      (hold) =>
        hold.state === 'refused' &&
        (hold.seq >= recoveredSeq || requiredThen(hold) > (order.warrant?.balance ?? 0)),
    );
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
    const isRefused = database.askedByHolds(wallet, 0, ledger.seq()).refusedRequired !== null;
    if (ledger.balance() >= settings.topUpBelow && !isRefused) continue;
    const isWanted =
      wallet === 'chat_credits' ||
      isRefused ||
      database.askedByHolds(wallet, 0, ledger.seq()).campaignLowest !== null ||
      ledger.campaignLowestSinceRecovery(ledger.seq(), saved) !== null;
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

/** One charge at most answers a refused call, and it buys what the call needed as far as the limits allow. */
export const answersRefusalsOnce: Watch = (world) => {
  const wrong: string[] = [];
  onNewOrder(world, ({ topUpId, amountCents, quantity, warrant }, decided) => {
    const { settings, spentThisMonthCents } = decided.after.wallets.call_minutes;
    if (warrant?.cause !== 'refusal' || settings === null) return;
    const room = multiplesWithinCap(settings.amountCents, settings.monthlyCapCents, spentThisMonthCents);
    const most = settings.amountCents * Math.min(world.policy.maxMultiple, room);
    const reaches = warrant.balance + quantity >= warrant.target;
    if (!reaches && amountCents < most) wrong.push(`${topUpId}: buys too little`);
  });
  return () => {
    const { holds } = world.database.ledgers.call_minutes;
    const refused = holds.filter(({ state }) => state === 'refused').length;
    const charged = world.database.topUps.filter(
      ({ order, creditSeq }) => order.warrant?.cause === 'refusal' && creditSeq !== null,
    );
    return charged.length > refused ? [...wrong, `${charged.length} for ${refused} refusals`] : wrong;
  };
};

export const looksUpTheUnknown: Watch = (world) => {
  const wrong: string[] = [];
  const unknown = new Map<string, { attempt: number; sinceMs: number; isQuiet: boolean }>();
  world.observers.push(({ before, input, commands, nowMs }) => {
    if ('topUpId' in input && 'wallet' in input) {
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
