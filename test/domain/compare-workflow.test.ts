import { describe, expect, test } from 'vitest';
import {
  initialState,
  type AccountState,
  type OpenTopUp,
  type TopUpStep,
} from '../../domain/account-state.ts';
import {
  compareWorkflow,
  isOnTheWay,
  type DatabaseFacts,
  type Difference,
  type Telling,
} from '../../domain/compare-workflow.ts';
import { accountId, topUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import type { OpenTopUpState, TopUpOrder } from '../../domain/top-up.ts';
import { forEachWallet } from '../../domain/wallet.ts';

const ORDER: TopUpOrder = {
  topUpId: topUpId('chat_credits', '1'),
  accountId: accountId('acme'),
  wallet: 'chat_credits',
  trigger: 'auto',
  amountCents: cents(10_00),
  currency: 'EUR',
  units: 1285,
  quantity: quantity(1_285_000),
  warrant: null,
};

function same(): { state: AccountState; facts: DatabaseFacts } {
  const state = initialState(accountId('acme'));
  const wallets = forEachWallet(() => ({ balance: quantity(0), seq: 0, settings: null, openTopUp: null }));
  return { state, facts: { suspension: null, wallets } };
}

function openIn(state: OpenTopUpState, order = ORDER): OpenTopUp {
  return { order, state, attempt: 1, declines: 0, failure: null, nextAttemptAtMs: null };
}

const WAITS = {
  retry_at: { kind: 'retry_at', atMs: 1 },
  authenticate_until: { kind: 'authenticate_until', untilMs: 1, remindAtMs: null },
  look_up_at: { kind: 'look_up_at', atMs: 1, unknownSinceMs: 0 },
} as const satisfies Record<string, TopUpStep>;

function withTopUps(step: TopUpStep | null, open: OpenTopUp | null) {
  const { state, facts } = same();
  const topUp = step === null ? null : { order: ORDER, attempt: 1, declines: 0, step };
  state.wallets.chat_credits.topUp = topUp;
  facts.wallets.chat_credits.openTopUp = open;
  return compareWorkflow(state, facts);
}

describe('workflow and database', () => {
  test('that tell the same have no difference', () => {
    const { state, facts } = same();
    expect(compareWorkflow(state, facts)).toEqual([]);
  });

  test('differ in the entry when news are on the way, and their balances are not compared then', () => {
    const { state, facts } = same();
    Object.assign(facts.wallets.call_minutes, { seq: 3, balance: quantity(60_000) });
    expect(compareWorkflow(state, facts)).toEqual([
      { what: 'entry', wallet: 'call_minutes', workflow: 0, database: 3 },
    ]);
  });

  test('differ in the balance at the same entry, in settings and in the suspension', () => {
    const { state, facts } = same();
    facts.wallets.call_minutes.balance = quantity(60_000);
    const choice = { enabled: true, alertBelow: quantity(1), topUpBelow: quantity(1), amountCents: cents(1) };
    const rest = { monthlyCapCents: null, topUpOnRefusal: true, version: 2, alertVersion: 1 };
    facts.wallets.chat_credits.settings = { ...choice, ...rest };
    facts.suspension = { reason: 'operator', sinceMs: 1 };
    expect(compareWorkflow(state, facts)).toEqual([
      { what: 'suspension', wallet: null, workflow: null, database: 'operator' },
      { what: 'balance', wallet: 'call_minutes', workflow: 0, database: 60_000 },
      { what: 'settings', wallet: 'chat_credits', workflow: null, database: 2 },
    ]);
  });

  test('differ when one of them has a top-up that waits and the other has none or another', () => {
    const other = openIn('retrying', { ...ORDER, topUpId: topUpId('chat_credits', '2') });
    const difference = (workflow: string | null, database: string | null) => [
      { what: 'top_up', wallet: 'chat_credits', workflow, database },
    ];
    expect(withTopUps(null, openIn('retrying'))).toEqual(difference(null, ORDER.topUpId));
    expect(withTopUps(WAITS.retry_at, null)).toEqual(difference(ORDER.topUpId, null));
    expect(withTopUps(WAITS.retry_at, other)).toEqual(difference(ORDER.topUpId, other.order.topUpId));
  });

  test.each<[TopUpStep, OpenTopUpState]>([
    [WAITS.retry_at, 'retrying'],
    [WAITS.authenticate_until, 'action_required'],
    [WAITS.look_up_at, 'unknown'],
    [{ kind: 'crediting' }, 'paid'],
    [{ kind: 'charging' }, 'charging'],
  ])('agree on a top-up: %j is %s', (step, state) => {
    expect(withTopUps(step, openIn(state))).toEqual([]);
  });

  test('do not differ by what an activity is changing at this moment', () => {
    expect(withTopUps({ kind: 'charging' }, null)).toEqual([]);
    expect(withTopUps({ kind: 'crediting' }, null)).toEqual([]);
  });

  test('differ when a top-up waits for something else than the database says', () => {
    expect(withTopUps(WAITS.retry_at, openIn('action_required'))).toEqual([
      { what: 'top_up_state', wallet: 'chat_credits', workflow: 'retry_at', database: 'action_required' },
    ]);
  });
});

describe('a difference', () => {
  const entry = (workflow: number): Difference => ({
    what: 'entry',
    wallet: 'call_minutes',
    workflow,
    database: 9,
  });
  const settings: Difference = { what: 'settings', wallet: 'call_minutes', workflow: 1, database: 2 };
  const QUIET: Telling = {
    version: 5,
    dirty: false,
    isDue: false,
    refreshWaits: false,
    isSettled: true,
    signalled: { call_minutes: 7, chat_credits: 0 },
  };

  test('is on the way while a message is being sent, or just was', () => {
    expect(isOnTheWay(settings, 4, { ...QUIET, dirty: true, isDue: true })).toBe(true);
    expect(isOnTheWay(settings, 4, { ...QUIET, isSettled: false })).toBe(true);
  });

  test('is a fault when what was sent is not heard, or everything was', () => {
    expect(isOnTheWay(entry(7), 4, QUIET)).toBe(false);
    expect(isOnTheWay(settings, 5, { ...QUIET, isSettled: false })).toBe(false);
  });

  test('in usage that waits to be told is none, but in entries sent before and in settings it is', () => {
    const waiting = { ...QUIET, dirty: true };
    expect(isOnTheWay(entry(7), 4, waiting)).toBe(true);
    expect(isOnTheWay(entry(6), 4, waiting)).toBe(false);
    expect(isOnTheWay(settings, 4, waiting)).toBe(false);
    expect(isOnTheWay(settings, 4, { ...waiting, refreshWaits: true })).toBe(true);
  });
});
