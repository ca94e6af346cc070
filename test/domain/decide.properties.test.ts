import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import * as money from './world-money-promises.ts';
import * as promises from './world-promises.ts';
import { heal, perform, scripts, SHORT_POLICY, type Step } from './world-script.ts';
import { createWorld } from './world.ts';

type Options = { trusting?: boolean; databaseSkewMs?: number };

/** Lives through a script, mends what is broken, and expects that no promise was broken. */
function expectKept(watch: promises.Watch, script: readonly Step[], options: Options = {}): void {
  const world = createWorld({ policy: SHORT_POLICY, ...options });
  const verdict = watch(world);
  for (const step of script) perform(world, step);
  heal(world);
  expect(verdict()).toEqual([]);
}

const MINUTES_MS = 60_000;
const steady = scripts({ withTermination: false });
const stormy = scripts({ withTermination: true });
const skew = fc.constantFrom(0, -10 * MINUTES_MS, 10 * MINUTES_MS);

/** Seeds are fixed, so that a run that fails fails again; fast-check prints the path to the smallest script.
 *  A longer hunt sets `PROPERTY_RUNS`. */
const seeded = (seed: number, numRuns = Number(process.env['PROPERTY_RUNS'] ?? 150)) => ({ seed, numRuns });

describe('with a database that trusts the workflow', () => {
  test.prop([steady], seeded(1))('a crossing is told once', (script) => {
    expectKept(promises.tellsOnce(true), script, { trusting: true });
  });

  test.prop([steady], seeded(2))('caps are never passed', (script) => {
    expectKept(money.keepsCaps, script, { trusting: true });
  });

  test.prop([steady], seeded(3))('a wallet has one top-up in flight', (script) => {
    expectKept(money.fliesAlone, script, { trusting: true });
  });
});

describe('with signals lost and doubled, workflows terminated, and clocks that differ', () => {
  test.prop([stormy], seeded(11))('a crossing is told once', (script) => {
    expectKept(promises.tellsOnce(false), script);
  });

  test.prop([stormy], seeded(12))('a crossing that lasts is told', (script) => {
    expectKept(promises.tellsWhatLasts, script);
  });

  test.prop([stormy], seeded(13))('no top-up is decided at or above the threshold', (script) => {
    expectKept(money.staysBelowThreshold, script);
  });

  test.prop([stormy], seeded(15))('credits equal payments, and nothing stays open', (script) => {
    expectKept(money.creditsWhatIsPaid, script);
  });

  test.prop([stormy], seeded(16))('a top-up lands at its target or has a reason why not', (script) => {
    expectKept(money.landsOrSaysWhy, script);
  });

  test.prop([stormy], seeded(17))('calls never top up without a campaign below the threshold', (script) => {
    expectKept(money.callsNeedCampaigns, script);
  });

  test.prop([stormy, skew], seeded(18))(
    'what is wanted happens once nothing is in the way',
    (script, databaseSkewMs) => {
      expectKept(money.comesToPass, script, { databaseSkewMs });
    },
  );

  test.prop([stormy], seeded(19))('an unknown outcome is looked up before it is charged again', (script) => {
    expectKept(money.looksUpTheUnknown, script);
  });

  test.prop([stormy], seeded(20))('declines are retried on the schedule and end in suspension', (script) => {
    expectKept(money.keepsToTheSchedule, script);
  });

  test.prop([stormy], seeded(21))(
    'a decision is pure, and the same after its state was carried over',
    (script) => {
      expectKept(promises.isPure, script);
    },
  );

  test.prop([stormy, skew], seeded(22))(
    'the next wake lies ahead and is never missing',
    (script, databaseSkewMs) => {
      expectKept(promises.knowsItsNextWake, script, { databaseSkewMs });
    },
  );

  test.prop([stormy], seeded(24))('a refused call is answered once, by enough', (script) => {
    expectKept(money.answersRefusalsOnce, script);
  });

  test.prop([stormy, skew], seeded(25))(
    'the account is not read again and again for one fact',
    (script, databaseSkewMs) => {
      expectKept(promises.readsNotInCircles, script, { databaseSkewMs });
    },
  );

  test.prop([stormy], seeded(23))('one thing heard starts a handful of commands', (script) => {
    expectKept(promises.staysCalm, script);
  });
});
