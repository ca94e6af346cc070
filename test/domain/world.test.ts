import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { guardInTheWay } from '../../domain/guards.ts';
import { WALLETS } from '../../domain/wallet.ts';
import { heal, perform, scripts, SHORT_POLICY } from './world-script.ts';
import { createWorld } from './world.ts';

const CORNERS = [
  'a multiple',
  'a stale read',
  'another attempt',
  'auto_top_up.suspended',
  'balance.alert',
  'balance.depleted',
  'blocked',
  'charged: action_required',
  'charged: blocked',
  'charged: declined',
  'charged: not_needed',
  'charged: paid',
  'charged: recovered',
  'charged: unknown',
  'close: authentication_timeout',
  'close: canceled',
  'close: insufficient_funds',
  'close: lost_or_stolen_card',
  'credit',
  'daily_limit',
  'defer',
  'gave up: charging',
  'gave up: closing',
  'gave up: looking_up',
  'look_up',
  'monthly_cap',
  'not needed: balance_recovered',
  'not needed: settings_changed',
  'suspended: hard_decline',
  'suspended: operator',
  'suspended: repeated_failures',
  'sync_customer',
  'top_up.action_reminder',
  'top_up.action_required',
  'top_up.failed',
  'top_up.succeeded',
  'warrant: balance',
  'warrant: campaign',
  'warrant: none',
  'warrant: refusal',
];

test('the scripts of the properties reach every corner that the properties speak of', () => {
  const seen = new Set<string>();
  for (const script of fc.sample(scripts({ withTermination: true }), {
    seed: 7,
    numRuns: 400,
  })) {
    const world = createWorld({ policy: SHORT_POLICY });
    world.observers.push(({ before, after, input, commands, nowMs }) => {
      for (const command of commands) {
        if (command.kind === 'notify') seen.add(command.request.kind);
        else if (command.kind === 'close')
          seen.add(`close: ${command.closing.failure ?? command.closing.state}`);
        else seen.add(command.kind);
        if (command.kind === 'charge') {
          if (command.attempt > 1) seen.add('another attempt');
          seen.add(`warrant: ${command.order.warrant?.cause ?? 'none'}`);
          const { settings } = after.wallets[command.wallet];
          if (command.order.amountCents > (settings?.amountCents ?? Infinity)) seen.add('a multiple');
        }
      }
      if (input.kind === 'charged') {
        seen.add(`charged: ${input.outcome.status}`);
        if (input.outcome.status === 'not_needed') seen.add(`not needed: ${input.outcome.reason}`);
      }
      if (input.kind === 'gave_up') seen.add(`gave up: ${before.wallets[input.wallet].topUp?.step.kind}`);
      if (input.kind === 'account_read' && before.reading.status === 'running' && before.reading.stale) {
        seen.add('a stale read');
      }
      if (after.suspension !== null) seen.add(`suspended: ${after.suspension.reason}`);
      if (after.blocked !== null) seen.add('blocked');
      for (const wallet of WALLETS) {
        const { want, settings, topUp } = after.wallets[wallet];
        if (want === null || settings === null || topUp !== null) continue;
        const guard = guardInTheWay({ ...after.wallets[wallet], ...settings }, nowMs, after.policy);
        if (guard !== null) seen.add(guard.reason);
      }
    });
    for (const step of script) perform(world, step);
    heal(world);
  }
  expect(CORNERS.filter((corner) => !seen.has(corner))).toEqual([]);
});
