import fc from 'fast-check';
import { cents } from '../../domain/money.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { fromWholeUnits, quantity } from '../../domain/quantities.ts';
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
  | { do: 'refuse'; units: number }
  | { do: 'save'; wallet: Wallet; choice: SettingsChoice }
  | { do: 'script'; behaviours: Behaviour[] }
  | { do: 'card'; isThere: boolean }
  | { do: 'suspend' | 'resume' | 'authenticate' | 'answer' | 'finish_orphan' | 'terminate' }
  | { do: 'buy'; wallet: Wallet }
  | { do: 'deliver'; crash: boolean }
  | { do: 'repeat'; index: number }
  | { do: 'run'; line: Line; ending: Ending }
  | { do: 'wait'; ms: number };

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
  const wait = fc.record({
    do: op('wait'),
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
    do: fc.constantFrom<'suspend' | 'resume' | 'authenticate'>('suspend', 'resume', 'authenticate'),
  });
  const weighted: fc.WeightedArbitrary<Step>[] = [
    { weight: 8, arbitrary: usage as fc.Arbitrary<Step> },
    { weight: 2, arbitrary: fc.record({ do: op('grant'), wallet, units }) },
    { weight: 1, arbitrary: fc.record({ do: op('refuse'), units }) },
    { weight: 2, arbitrary: save as fc.Arbitrary<Step> },
    {
      weight: 4,
      arbitrary: fc.record({
        do: op('script'),
        behaviours: fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 5 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: op('card'), isThere: fc.boolean() }) },
    { weight: 1, arbitrary: simple },
    { weight: 1, arbitrary: fc.record({ do: op('buy'), wallet }) },
    { weight: 3, arbitrary: fc.record({ do: op('deliver'), crash: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: op('repeat'), index: fc.nat(50) }) },
    { weight: 6, arbitrary: run },
    { weight: 6, arbitrary: fc.record({ do: op('answer') }) },
    { weight: 4, arbitrary: wait },
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
      const required = quantity(Math.max(0, ledger.balance()) + fromWholeUnits('call_minutes', step.units));
      ledger.refusals.push({ seq: ledger.seq(), required });
      return database.mark(null);
    }
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
    case 'buy':
      return world.buy(step.wallet, 500);
    case 'deliver':
      return world.deliver({ crash: step.crash });
    case 'repeat':
      return world.repeat(step.index);
    case 'run':
      return world.step(step.line, step.ending);
    case 'answer':
      return world.answer();
    case 'wait':
      return world.advance(step.ms);
    case 'terminate':
      return world.terminate();
    case 'finish_orphan':
      return world.finishOrphan();
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
