import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../domain/account-state.ts';
import { POLICY } from '../../domain/policy.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { stateQuery } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { withAccountWorker, type AccountHarness } from './account-worker.ts';
import { exampleSettings, ScriptedAccount } from './scripted-account.ts';

/** An account with the product page's settings for one wallet; the other one is off. */
function accountWith(wallet: Wallet): ScriptedAccount {
  const account = new ScriptedAccount('example');
  account.settings[wallet] = exampleSettings(wallet);
  return account;
}

async function stateOf({ handle }: AccountHarness): Promise<AccountState> {
  return handle.query(stateQuery);
}

describe('the account workflow', () => {
  it('tells a crossing of the alert value once, however often it is signalled', async () => {
    const account = accountWith('call_minutes');
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('call_minutes', 30));
      await eventually(async () => expect((await stateOf(harness)).known).toBe(true));
      const crossing = account.book('call_minutes', -21);
      await Promise.all([1, 2, 3].map(() => harness.sendUsage(crossing)));
      await harness.sendUsage(account.book('call_minutes', -1));
      await eventually(() => expect(account.count('sendEmail')).toBe(1));
      const state = await stateOf(harness);
      expect(toDisplayUnits('call_minutes', state.wallets.call_minutes.balance)).toBe(8);
      expect(account.notices.map((notice) => notice.kind)).toEqual(['balance.alert']);
    });
  });

  it('charges, credits and tells when a campaign falls below the top-up value', async () => {
    const account = accountWith('call_minutes');
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('call_minutes', 12));
      await eventually(async () => expect((await stateOf(harness)).known).toBe(true));
      await harness.sendUsage(account.book('call_minutes', -8, 'campaign'));
      await eventually(() => expect(account.count('sendEmail')).toBe(2));
      const money = account.story.filter((name) => name.endsWith('TopUp'));
      expect(money).toEqual(['chargeTopUp', 'creditTopUp']);
      expect(account.calls.find((call) => call.activity === 'chargeTopUp')?.input).toMatchObject({
        order: { amountCents: 50_00, units: 454, wallet: 'call_minutes' },
        attempt: 1,
      });
      expect(account.notices.map((notice) => notice.kind)).toEqual(['balance.alert', 'top_up.succeeded']);
      await eventually(async () => {
        const { wallets } = await stateOf(harness);
        expect(toDisplayUnits('call_minutes', wallets.call_minutes.balance)).toBe(458);
      });
    });
  });

  it('leaves nothing that runs or ticks while its account is idle', async () => {
    const account = accountWith('call_minutes');
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('call_minutes', 30));
      await eventually(async () => expect((await stateOf(harness)).known).toBe(true));
      await harness.sendUsage(account.book('call_minutes', -1));
      const events = await eventually(async () => {
        const history = (await harness.handle.fetchHistory()).events ?? [];
        expect(
          history.filter((event) => Boolean(event.workflowExecutionSignaledEventAttributes)),
        ).toHaveLength(2);
        expect(history.at(-1)?.workflowTaskCompletedEventAttributes ?? null).not.toBeNull();
        return history;
      });
      expect(events.filter((event) => Boolean(event.timerStartedEventAttributes))).toEqual([]);
      const { raw } = await harness.handle.describe();
      expect([raw.pendingActivities ?? [], raw.pendingChildren ?? []]).toEqual([[], []]);
      expect(raw.pendingWorkflowTask ?? null).toBeNull();
    });
  });

  it('leaves nothing that runs or ticks while its account is blocked, once it has been looked at long enough', {
    timeout: 90_000,
  }, async () => {
    const account = accountWith('chat_credits');
    // Far apart: looked at late, a slow machine's account would wait for nothing between its first look and its last.
    const blockedRecheckForMs = 12_000;
    account.policy = { ...POLICY, blockedRecheckMs: 1_000, blockedRecheckForMs };
    account.outcomes = [{ status: 'blocked', reason: 'no_payment_method' }];
    account.blockedBy = 'no_payment_method';
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('chat_credits', 40));
      await eventually(
        async () => {
          const { blocked, syncingCustomer } = await stateOf(harness);
          expect(blocked).not.toBeNull();
          expect(blocked!.recheckAtMs).toBeGreaterThan(blocked!.sinceMs + blockedRecheckForMs);
          expect(syncingCustomer).toBe(false);
        },
        { timeoutMs: 60_000 },
      );
      const looks = account.count('syncCustomer');
      expect(looks).toBeGreaterThan(0);
      const events = await eventually(async () => {
        const history = (await harness.handle.fetchHistory()).events ?? [];
        expect(history.at(-1)?.workflowTaskCompletedEventAttributes ?? null).not.toBeNull();
        return history;
      });
      const count = (isOne: (event: (typeof events)[number]) => unknown) => events.filter(isOne).length;
      const started = count((event) => event.timerStartedEventAttributes);
      const ended = count((event) => event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes);
      expect(started).toBeGreaterThan(0);
      expect(ended).toBe(started);
      const { raw } = await harness.handle.describe();
      expect(raw.pendingActivities ?? []).toEqual([]);
      // A new card is news; then the charge follows.
      account.blockedBy = null;
      await harness.send({
        kind: 'refresh',
        signal: { version: account.nextVersion(), reasons: ['customer'] },
      });
      await eventually(() => expect(account.count('creditTopUp')).toBe(1));
    });
  });

  it('loses no usage across many continue-as-new', async () => {
    const account = accountWith('call_minutes');
    account.policy = { ...POLICY, historyEventsMax: 12 };
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('call_minutes', 1_000));
      await eventually(async () => expect((await stateOf(harness)).known).toBe(true));
      const firstRun = (await harness.handle.describe()).runId;
      const signals = Array.from({ length: 60 }, () => account.book('call_minutes', -1));
      for (const signal of signals) await harness.sendUsage(signal);
      const whenAllIsIn = { timeoutMs: 25_000, pauseMs: 250 };
      await eventually(async () => {
        const { wallets } = await stateOf(harness);
        expect(toDisplayUnits('call_minutes', wallets.call_minutes.balance)).toBe(940);
      }, whenAllIsIn);
      const now = await harness.handle.describe();
      expect(now.runId).not.toBe(firstRun);
      expect(now.historyLength).toBeLessThan(60);
      // The dip was followed slice by slice: no read was needed to fill a gap.
      expect(account.count('readAccount')).toBe(1);
    });
  });

  it('keeps a deadline across continue-as-new and tries a soft decline again', async () => {
    const account = accountWith('chat_credits');
    account.policy = { ...POLICY, historyEventsMax: 5, softDeclineDelaysMs: [1_500] };
    account.outcomes = [
      {
        status: 'declined',
        decline: { kind: 'soft', reason: 'insufficient_funds', code: 'insufficient_funds' },
      },
    ];
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('chat_credits', 40));
      await eventually(() => expect(account.count('deferTopUp')).toBe(1));
      const waiting = await eventually(async () => {
        const step = (await stateOf(harness)).wallets.chat_credits.topUp?.step;
        expect(step?.kind).toBe('retry_at');
        return step;
      });
      await eventually(() => expect(account.notices).toHaveLength(3));
      expect(account.count('creditTopUp')).toBe(1);
      const attempts = account.calls.filter((call) => call.activity === 'chargeTopUp');
      expect(attempts.map((call) => (call.input as { attempt: number }).attempt)).toEqual([1, 2]);
      expect(waiting).toHaveProperty('atMs');
      expect(account.notices.map((notice) => notice.kind)).toEqual([
        'balance.alert',
        'top_up.failed',
        'top_up.succeeded',
      ]);
    });
  });

  it('takes its life up from the database after it was terminated in the middle of a charge', async () => {
    const account = accountWith('chat_credits');
    account.outcomes = [{ status: 'action_required', actionUrl: 'https://pay.example' }];
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('chat_credits', 40));
      await eventually(() => expect(account.count('deferTopUp')).toBe(1));
      await harness.handle.terminate('an operator was careless');
      await harness.send({
        kind: 'refresh',
        signal: { version: account.nextVersion(), reasons: ['sweep'] },
      });
      await eventually(async () => {
        const step = (await stateOf(harness)).wallets.chat_credits.topUp?.step;
        expect(step?.kind).toBe('authenticate_until');
      });
      expect(account.count('chargeTopUp')).toBe(1);
    });
  });

  it('shows its state to people: search attributes, current details, summaries', async () => {
    const account = accountWith('chat_credits');
    account.outcomes = [{ status: 'action_required', actionUrl: 'https://pay.example' }];
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('chat_credits', 40));
      await eventually(() => expect(account.count('deferTopUp')).toBe(1));
      const found = await eventually(async () => {
        const description = await harness.handle.describe();
        expect(description.searchAttributes['TopUpState']).toEqual(['action_required']);
        return description;
      });
      expect(found.searchAttributes['AccountId']).toEqual([account.accountId]);
      expect(found.searchAttributes['Wallet']).toEqual(['chat_credits']);
      const metadata = await harness.handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      expect(metadata.currentDetails).toContain('40 credits');
      const { events } = await harness.handle.fetchHistory();
      const summaries = (events ?? []).flatMap((event) => {
        const data = event.userMetadata?.summary?.data;
        return data ? [Buffer.from(data).toString()] : [];
      });
      expect(summaries.join('\n')).toContain(
        'Charge 10.00 € for 1285 credits: 40 credits is below 50 credits',
      );
    });
  });

  it('stores nothing readable but summaries: arguments and results are encrypted', async () => {
    const account = accountWith('chat_credits');
    await withAccountWorker(account, async (harness) => {
      await harness.sendUsage(account.book('chat_credits', 400));
      await eventually(() => expect(account.count('readAccount')).toBe(1));
      const { events } = await harness.handle.fetchHistory();
      const history = readable(events);
      expect(history).toContain('binary/encrypted');
      expect(history).toContain('Read the account for the first time');
      expect(history).not.toContain('alertBelow');
      expect(history).not.toContain('"balance"');
    });
  });
});

/** A history as a person with access to Temporal's database could read it. */
function readable(events: unknown): string {
  const texts: string[] = [];
  JSON.stringify(events, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value, Buffer.from(value, 'base64').toString());
    return value;
  });
  return texts.join('\n');
}
