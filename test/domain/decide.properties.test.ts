import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import * as promises from './world-promises.ts';
import { heal, perform, scripts, SHORT_POLICY, type Step } from './world-script.ts';
import { createWorld } from './world.ts';

type Options = { trusting?: boolean; databaseSkewMs?: number };

/** Lives through a script, mends what is broken, and says which promises were not kept. */
function broken(watch: promises.Watch, script: readonly Step[], options: Options = {}): string[] {
  const world = createWorld({ policy: SHORT_POLICY, ...options });
  const verdict = watch(world);
  for (const step of script) perform(world, step);
  heal(world);
  return verdict();
}

const MINUTES_MS = 60_000;
const steady = scripts({ withTermination: false });
const stormy = scripts({ withTermination: true });
const skew = fc.constantFrom(0, -10 * MINUTES_MS, 10 * MINUTES_MS);

/** Seeds are fixed, so that a run that fails fails again; fast-check prints the path to the smallest script. */
const seeded = (seed: number, numRuns = Number(process.env['RUNS'] ?? 500)) => ({ seed, numRuns });

describe('with a database that trusts the workflow', () => {
  test.prop([steady], seeded(1))('a crossing is told once', (script) => {
    expect(broken(promises.tellsOnce(true), script, { trusting: true })).toEqual([]);
  });

  test.prop([steady], seeded(2))('caps are never passed', (script) => {
    expect(broken(promises.keepsCaps, script, { trusting: true })).toEqual([]);
  });

  test.prop([steady], seeded(3))('a wallet has one top-up in flight', (script) => {
    expect(broken(promises.fliesAlone, script, { trusting: true })).toEqual([]);
  });
});

describe('with signals lost and doubled, workflows terminated, and clocks that differ', () => {
  test.prop([stormy], seeded(11))('a crossing is told once', (script) => {
    expect(broken(promises.tellsOnce(false), script)).toEqual([]);
  });

  test.prop([stormy], seeded(12))('a crossing that lasts is told', (script) => {
    expect(broken(promises.tellsWhatLasts, script)).toEqual([]);
  });

  test.prop([stormy], seeded(13))('no top-up is decided at or above the threshold', (script) => {
    expect(broken(promises.staysBelowThreshold, script)).toEqual([]);
  });

  test.prop([stormy, skew], seeded(14))('caps are never passed', (script, databaseSkewMs) => {
    expect(broken(promises.keepsCaps, script, { databaseSkewMs })).toEqual([]);
  });

  test.prop([stormy], seeded(15))('credits equal payments, and nothing stays open', (script) => {
    expect(broken(promises.creditsWhatIsPaid, script)).toEqual([]);
  });

  test.prop([stormy], seeded(16))('a top-up lands at its target or has a reason why not', (script) => {
    expect(broken(promises.landsOrSaysWhy, script)).toEqual([]);
  });

  test.prop([stormy], seeded(17))('calls never top up without a campaign below the threshold', (script) => {
    expect(broken(promises.callsNeedCampaigns, script)).toEqual([]);
  });

  test.prop([stormy, skew], seeded(18))(
    'what is wanted happens once nothing is in the way',
    (script, databaseSkewMs) => {
      expect(broken(promises.comesToPass, script, { databaseSkewMs })).toEqual([]);
    },
  );

  test.prop([stormy], seeded(19))('an unknown outcome is looked up before it is charged again', (script) => {
    expect(broken(promises.looksUpTheUnknown, script)).toEqual([]);
  });

  test.prop([stormy], seeded(20))('declines are retried on the schedule and end in suspension', (script) => {
    expect(broken(promises.keepsToTheSchedule, script)).toEqual([]);
  });

  test.prop([stormy], seeded(21))(
    'a decision is pure, and the same after its state was carried over',
    (script) => {
      expect(broken(promises.isPure, script)).toEqual([]);
    },
  );

  test.prop([stormy, skew], seeded(22))(
    'the next wake lies ahead and is never missing',
    (script, databaseSkewMs) => {
      expect(broken(promises.knowsItsNextWake, script, { databaseSkewMs })).toEqual([]);
    },
  );

  test.prop([stormy], seeded(23))('one thing heard starts a handful of commands', (script) => {
    expect(broken(promises.staysCalm, script)).toEqual([]);
  });
});
