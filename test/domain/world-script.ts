import { fc } from '@fast-check/vitest';
import { cents } from '../../domain/money.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { fromWholeUnits } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { BEHAVIOURS, type Behaviour } from './world-provider.ts';
import { LINES, type Ending, type Line, type World } from './world.ts';

/** Limits that a short script reaches. */
export const SHORT_POLICY: Policy = {
  ...POLICY,
  maxMultiple: 3,
  maxTopUpsPerDay: 3,
  failuresUntilSuspension: 2,
  softDeclineDelaysMs: POLICY.softDeclineDelaysMs.slice(0, 2),
};

export type Step =
  | { do: 'use'; wallet: Wallet; units: number; source: 'campaign' | 'inbound' | 'outbound' }
  | { do: 'grant'; wallet: Wallet; units: number }
  | { do: 'refuse' | 'hold'; units: number }
  | { do: 'outlive'; units: number; ms: number }
  | { do: 'save'; wallet: Wallet; choice: SettingsChoice }
  | { do: 'script'; behaviours: Behaviour[] }
  | { do: 'card'; isThere: boolean }
  | {
      do:
        | 'suspend'
        | 'resume'
        | 'authenticate'
        | 'reconcile'
        | 'answer'
        | 'finish_orphan'
        | 'terminate'
        | 'release';
    }
  | { do: 'buy' | 'overtake'; wallet: Wallet }
  | { do: 'deliver'; crash: boolean }
  | { do: 'repeat'; index: number }
  | { do: 'run'; line: Line; ending: Ending }
  | { do: 'give_up'; wallet: Wallet; what: 'charge' | 'look_up' | 'close'; ending: Ending }
  | { do: 'wait' | 'live' | 'lag'; ms: number };

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const wallet = fc.constantFrom(...WALLETS);
const units = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 60 }));

const choice = (of: Wallet): fc.Arbitrary<SettingsChoice> =>
  fc
    .record({
      enabled: fc.constantFrom(true, true, true, false),
      alertUnits: fc.constantFrom(0, 5, 10, 20),
      topUpUnits: fc.constantFrom(0, 5, 10, 30),
      amountCents: fc.constantFrom(100, 100, 500),
      monthlyCapCents: fc.constantFrom(null, null, 300, 1_000),
      topUpOnRefusal: fc.boolean(),
    })
    .map(({ alertUnits, topUpUnits, amountCents, monthlyCapCents, ...rest }) => ({
      ...rest,
      alertBelow: fromWholeUnits(of, alertUnits),
      topUpBelow: fromWholeUnits(of, topUpUnits),
      amountCents: cents(amountCents),
      monthlyCapCents: monthlyCapCents === null ? null : cents(monthlyCapCents),
    }));

const save = wallet.chain((of) =>
  fc.record({ do: fc.constant('save'), wallet: fc.constant(of), choice: choice(of) }),
);

const step = (withTermination: boolean): fc.Arbitrary<Step> => {
  const op = <const T extends string>(name: T) => fc.constant(name);
  const usage = fc.record({
    do: op('use'),
    wallet,
    units,
    source: fc.constantFrom('campaign', 'campaign', 'inbound', 'outbound'),
  });
  const run = fc.record({
    do: op('run'),
    line: fc.constantFrom(...LINES),
    ending: fc.constantFrom<Ending>('answers', 'answers', 'answers', 'gives_up_before', 'gives_up_after'),
  });
  const giveUp = fc.record({
    do: op('give_up'),
    wallet,
    what: fc.constantFrom<'charge' | 'look_up' | 'close'>('charge', 'look_up', 'close'),
    ending: fc.constantFrom<Ending>('gives_up_before', 'gives_up_after'),
  });
  const wait = fc.record({
    do: fc.constantFrom<'wait' | 'live' | 'lag'>('wait', 'live', 'lag'),
    ms: fc.constantFrom(
      SECOND_MS,
      31 * SECOND_MS,
      360 * SECOND_MS,
      660 * SECOND_MS,
      HOUR_MS,
      25 * HOUR_MS,
      80 * HOUR_MS,
      500 * HOUR_MS,
    ),
  });
  const simple = fc.record({
    do: fc.constantFrom<'suspend' | 'resume' | 'authenticate' | 'reconcile'>(
      'suspend',
      'resume',
      'authenticate',
      'reconcile',
    ),
  });
  const weighted: fc.WeightedArbitrary<Step>[] = [
    { weight: 8, arbitrary: usage },
    { weight: 2, arbitrary: fc.record({ do: op('grant'), wallet, units }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom<'refuse' | 'hold'>('refuse', 'hold'), units }) },
    { weight: 1, arbitrary: fc.record({ do: op('release') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: op('outlive'),
        units,
        ms: fc.constantFrom(HOUR_MS, 25 * HOUR_MS, 500 * HOUR_MS),
      }),
    },
    { weight: 2, arbitrary: save },
    {
      weight: 4,
      arbitrary: fc.record({
        do: op('script'),
        behaviours: fc.oneof(
          fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 5 }),
          fc.constant(Array.from({ length: 6 }, (): Behaviour => 'soft_decline')),
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: op('card'), isThere: fc.boolean() }) },
    { weight: 2, arbitrary: simple },
    { weight: 2, arbitrary: fc.record({ do: op('buy'), wallet }) },
    { weight: 2, arbitrary: fc.record({ do: op('overtake'), wallet }) },
    { weight: 3, arbitrary: fc.record({ do: op('deliver'), crash: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: op('repeat'), index: fc.nat(50) }) },
    { weight: 6, arbitrary: run },
    { weight: 6, arbitrary: giveUp },
    { weight: 6, arbitrary: fc.record({ do: op('answer') }) },
    { weight: 6, arbitrary: wait },
  ];
  if (withTermination) {
    weighted.push({ weight: 2, arbitrary: fc.record({ do: op('terminate') }) });
    weighted.push({ weight: 1, arbitrary: fc.record({ do: op('finish_orphan') }) });
  }
  return fc.oneof(...weighted);
};

/** A script that begins with both wallets set up, so that little of it is wasted. */
export function scripts(options: { withTermination: boolean }): fc.Arbitrary<Step[]> {
  const opening = fc.tuple(
    choice('call_minutes').map((made): Step => ({ do: 'save', wallet: 'call_minutes', choice: made })),
    choice('chat_credits').map((made): Step => ({ do: 'save', wallet: 'chat_credits', choice: made })),
    fc.constant<Step>({ do: 'grant', wallet: 'call_minutes', units: 30 }),
    fc.constant<Step>({ do: 'grant', wallet: 'chat_credits', units: 30 }),
  );
  return fc
    .tuple(opening, fc.array(step(options.withTermination), { minLength: 5, maxLength: 60, size: 'max' }))
    .map(([first, then]) => [...first, ...then]);
}

/** Does one step of a script. */
export function perform(world: World, step: Step): void {
  const { database, provider } = world;
  switch (step.do) {
    case 'use':
      return world.use(step.wallet, fromWholeUnits(step.wallet, step.units), step.source);
    case 'grant':
      return world.grant(step.wallet, fromWholeUnits(step.wallet, step.units));
    case 'refuse': {
      const ledger = database.ledgers.call_minutes;
      const available = Math.max(0, ledger.balance() - ledger.held());
      database.placeHold(available + fromWholeUnits('call_minutes', step.units));
      return;
    }
    case 'hold':
      database.placeHold(fromWholeUnits('call_minutes', step.units));
      return;
    case 'outlive': {
      // A refusal is told of, and waits; the call beside it ends, and the relay has not told of its usage for so long.
      const ledger = database.ledgers.call_minutes;
      const beside = Math.max(1, ledger.balance() - ledger.held());
      database.placeHold(beside);
      database.placeHold(fromWholeUnits('call_minutes', step.units));
      world.answer();
      world.release();
      world.use('call_minutes', beside, 'inbound');
      return world.live(step.ms, { lags: true });
    }
    case 'release':
      return world.release();
    case 'save':
      return database.save(step.wallet, step.choice);
    case 'script':
      provider.script.push(...step.behaviours);
      return;
    case 'card':
      provider.blockedBy = step.isThere ? null : 'no_payment_method';
      return database.mark('customer');
    case 'suspend':
      database.account.suspension ??= { reason: 'operator', sinceMs: world.now() };
      return database.mark('operator');
    case 'resume':
      database.account.suspension = null;
      database.account.forgivenAtMs = world.now();
      return database.mark('operator');
    case 'authenticate':
      return world.authenticate();
    case 'reconcile':
      return world.reconcile();
    case 'buy':
      return world.buy(step.wallet, 500);
    case 'overtake':
      // A grant overtakes the charge that the usage before it leads to.
      world.use(step.wallet, fromWholeUnits(step.wallet, 60), 'campaign');
      world.deliver();
      return world.grant(step.wallet, fromWholeUnits(step.wallet, 60));
    case 'deliver':
      return world.deliver({ crash: step.crash });
    case 'repeat':
      return world.repeat(step.index);
    case 'run':
      return world.step(step.line, step.ending);
    case 'give_up':
      world.use(step.wallet, fromWholeUnits(step.wallet, 20), 'campaign');
      world.deliver();
      return giveUp(world, step.wallet, step.what, step.ending);
    case 'answer':
      return world.answer();
    case 'live':
      return world.live(step.ms);
    case 'lag':
      return world.live(step.ms, { lags: true });
    case 'wait':
      return world.advance(step.ms);
    case 'terminate':
      return world.terminate();
    case 'finish_orphan':
      return world.finishOrphan();
  }
}

/** Everything is answered up to a command of this kind in the wallet's line, which gives up. */
function giveUp(world: World, wallet: Wallet, what: string, ending: Ending): void {
  for (let steps = 0; steps < 12; steps += 1) {
    for (const line of LINES) if (line !== wallet) world.step(line);
    const [job] = world.lines[wallet];
    const isFound = job?.isDone === false && job.command.kind === what;
    world.step(wallet, isFound ? ending : 'answers');
    if (isFound) return world.step(wallet);
  }
}

/** Mends whatever the script has broken, and lets everything be answered until nothing waits. */
export function heal(world: World): void {
  const { database, provider } = world;
  provider.script.length = 0;
  provider.blockedBy = null;
  database.mark('customer');
  database.mark('sweep');
  world.settle();
}
