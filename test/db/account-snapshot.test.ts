import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeRequest } from '../../domain/commands.ts';
import { accountId, type AccountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import {
  asOwner,
  choice,
  grant,
  newAccount,
  openStores,
  order,
  paidTopUp,
  usage,
  type TestStores,
} from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

/** What happens to an account, one word each: a balance to move to, a notice at the entry reached, settings. */
type Step =
  | number
  | { campaign: number }
  | 'save'
  | 'save new alert value'
  | 'alert told'
  | 'depletion told'
  | 'signalled';

async function accountAfter(steps: readonly Step[]): Promise<AccountId> {
  const id = await newAccount(stores);
  for (const step of steps) await take(id, step);
  return id;
}

async function take(id: AccountId, step: Step): Promise<void> {
  const { balance, seq, settings } = (await stores.accounts.overview(id))!.wallets.call_minutes;
  const save = (alertBelow: number) =>
    stores.settings.save(id, 'call_minutes', choice({ alertBelow: quantity(alertBelow) }), {
      ifVersion: null,
    });
  if (typeof step === 'number' && step > balance) await grant(stores, id, step - balance);
  else if (typeof step === 'number') {
    await stores.ledger.ingest([usage(id, { quantity: quantity(balance - step) })]);
  } else if (typeof step === 'object') {
    const event = usage(id, { quantity: quantity(balance - step.campaign), source: 'campaign' });
    await stores.ledger.ingest([event]);
  } else if (step === 'save') await save(settings?.alertBelow ?? 100);
  else if (step === 'save new alert value') await save((settings?.alertBelow ?? 100) + 1);
  else if (step === 'signalled') await signal();
  else await tell(id, step === 'alert told' ? 'balance.alert' : 'balance.depleted', seq);
}

async function tell(id: AccountId, kind: 'balance.alert' | 'balance.depleted', seq: number): Promise<void> {
  const settings = await stores.settings.read(id, 'call_minutes');
  const base = { wallet: 'call_minutes' as const, balance: quantity(0), seq };
  const request: NoticeRequest =
    kind === 'balance.alert' ? { ...base, kind, alertVersion: settings!.alertVersion } : { ...base, kind };
  const notice = await stores.notifications.compose(id, request);
  await stores.notifications.record(id, request, notice, { title: 't', body: 'b' });
}

async function signal(): Promise<void> {
  await stores.db.sql`update account_wakes set due_at = now() - interval '1 second' where dirty`;
  await stores.wakes.acknowledge(await stores.wakes.claim({ limit: 1_000, leaseMs: 60_000 }));
}

describe('at first sight', () => {
  const cases: {
    name: string;
    steps: Step[];
    sees: { lowest: number; alertArmed: boolean; depletedArmed: boolean; campaignLowest?: number | null };
  }[] = [
    {
      name: 'a new account has run out of nothing',
      steps: ['save', 'signalled'],
      sees: { lowest: 0, alertArmed: true, depletedArmed: false },
    },
    {
      name: 'without settings only the depletion is watched',
      steps: [20, 0, 'signalled'],
      sees: { lowest: 0, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a balance above all is armed for both',
      steps: ['save', 200, 150, 'signalled'],
      sees: { lowest: 150, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a crossing that nobody was told of is still to be told',
      steps: [200, 'save', 60, 'signalled'],
      sees: { lowest: 60, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a dip that has recovered is still to be told',
      steps: [200, 'save', 60, 180, 'signalled'],
      sees: { lowest: 60, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a dip before the settings is not held against them',
      steps: [60, 200, 'save', 190, 'signalled'],
      sees: { lowest: 190, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a balance that is below when the settings are saved is to be told',
      steps: [60, 'save', 'signalled'],
      sees: { lowest: 60, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'an alert that was told is not told again',
      steps: [200, 'save', 60, 'alert told', 55, 'signalled'],
      sees: { lowest: 55, alertArmed: false, depletedArmed: true },
    },
    {
      name: 'an alert that was told is armed again by a recovery',
      steps: [200, 'save', 60, 'alert told', 100, 90, 'signalled'],
      sees: { lowest: 90, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'an alert that was told of a slice that ended above is armed from there',
      steps: [200, 'save', 60, 150, 'alert told', 90, 'signalled'],
      sees: { lowest: 90, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'an alert that was told is armed again by a new alert value, for the balance of now',
      steps: [200, 'save', 60, 'alert told', 'save new alert value', 'signalled'],
      sees: { lowest: 60, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a save that leaves the alert value alone arms nothing',
      steps: [200, 'save', 60, 'alert told', 'save', 'signalled'],
      sees: { lowest: 60, alertArmed: false, depletedArmed: true },
    },
    {
      name: 'a depletion that was told is not told again',
      steps: [200, 'save', 60, 'alert told', 0, 'depletion told', -5, 'signalled'],
      sees: { lowest: -5, alertArmed: false, depletedArmed: false },
    },
    {
      name: 'a depletion that was told is armed again above zero',
      steps: [200, 'save', 60, 'alert told', 0, 'depletion told', 1, -5, 'signalled'],
      sees: { lowest: -5, alertArmed: false, depletedArmed: true },
    },
    {
      name: 'a depletion still to be told does not tell an alert that has been armed again since',
      steps: [200, 'save', 60, 'alert told', 0, 150, 'signalled'],
      sees: { lowest: 0, alertArmed: false, depletedArmed: true },
    },
    {
      name: 'only what the relay has cut is seen',
      steps: [200, 'save', 'signalled', 60],
      sees: { lowest: 200, alertArmed: true, depletedArmed: true },
    },
    {
      name: 'a campaign that went below is remembered, with later usage of others',
      steps: [200, 'save', { campaign: 40 }, 30, 'signalled'],
      sees: { lowest: 30, alertArmed: true, depletedArmed: true, campaignLowest: 40 },
    },
    {
      name: 'a campaign that stayed above asks for nothing',
      steps: [200, 'save', { campaign: 60 }, 40, 'signalled'],
      sees: { lowest: 40, alertArmed: true, depletedArmed: true, campaignLowest: null },
    },
    {
      name: 'a campaign is forgotten once the balance has recovered',
      steps: [200, 'save', { campaign: 40 }, 50, 45, 'signalled'],
      sees: { lowest: 40, alertArmed: true, depletedArmed: true, campaignLowest: null },
    },
    {
      name: 'a campaign before the settings asks for nothing',
      steps: [200, { campaign: 40 }, 'save', 30, 'signalled'],
      sees: { lowest: 30, alertArmed: true, depletedArmed: true, campaignLowest: null },
    },
  ];
  test.each(cases)('$name', async ({ steps, sees }) => {
    const id = await accountAfter(steps);
    const { call_minutes: wallet } = (await stores.accounts.readSnapshot(id, null)).wallets;
    expect(wallet).toMatchObject(sees);
    expect(wallet).toMatchObject({ fromSeq: wallet.seq, used: 0, highest: wallet.balance });
  });
});

test('later, the slice since what was watched is read, up to what the relay has cut', async () => {
  const id = await accountAfter([200, 'save', 150, { campaign: 40 }, 90, 'signalled', 10]);
  const read = await stores.accounts.readSnapshot(id, { call_minutes: 1, chat_credits: 0 });
  expect(read.wallets.call_minutes).toMatchObject({
    fromSeq: 1,
    seq: 4,
    balance: 90,
    used: 160,
    lowest: 40,
    highest: 150,
    campaignLowest: null,
  });
  const nothing = await stores.accounts.readSnapshot(id, { call_minutes: 4, chat_credits: 0 });
  expect(nothing.wallets.call_minutes).toMatchObject({
    fromSeq: 4,
    seq: 4,
    used: 0,
    lowest: 90,
    highest: 90,
  });
});

describe('at every later sight a campaign that still wants a top-up is told', () => {
  test.each<[string, Step[], number, number | null]>([
    ['from before what was watched', [200, 'save', { campaign: 40 }, 30, 'signalled'], 3, 40],
    ['from before and within it', [200, 'save', { campaign: 40 }, { campaign: 20 }, 'signalled'], 2, 20],
    ['and not one that was served', [200, 'save', { campaign: 40 }, 60, 45, 'signalled'], 4, null],
    ['and not one before the save', [200, { campaign: 40 }, 'save', 30, 'signalled'], 2, null],
    ['and not one that the relay has not cut', [200, 'save', 45, 'signalled', { campaign: 40 }], 2, null],
  ])('%s', async (_name, steps, watched, campaignLowest) => {
    const id = await accountAfter(steps);
    const read = await stores.accounts.readSnapshot(id, { call_minutes: watched, chat_credits: 0 });
    expect(read.wallets.call_minutes).toMatchObject({ fromSeq: watched, campaignLowest });
  });
});

test('names plan, prices, the open top-up, spending and suspension', async () => {
  const id = await accountAfter([10, 'save', 'signalled']);
  const recorded = await stores.topUps.recordIntent(order(id));
  const { topUpId } = recorded.status === 'recorded' ? recorded.topUp : order(id);
  const read = await stores.accounts.readSnapshot(id, null);
  expect(read).toMatchObject({
    accountId: id,
    plan: 'scale',
    prices: { call_minutes: { cents: 11, units: 1 } },
    customerId: null,
    suspension: null,
    failuresInRow: 0,
    wallets: {
      call_minutes: {
        spentThisMonthCents: 100,
        recentTopUpsAtMs: [expect.any(Number)],
        openTopUp: { order: { topUpId, amountCents: 100 }, state: 'pending', attempt: 0, declines: 0 },
      },
      chat_credits: { spentThisMonthCents: 0, recentTopUpsAtMs: [], openTopUp: null, settings: null },
    },
  });
  await stores.topUps.close(topUpId, { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' });
  const after = await stores.accounts.readSnapshot(id, null);
  expect(after).toMatchObject({ failuresInRow: 1, suspension: { reason: 'hard_decline' } });
});

test('an outage is no failure of the card', async () => {
  const id = await accountAfter(['save']);
  for (const failure of ['provider_unavailable', 'invoice_not_as_expected', null] as const) {
    const { topUpId } = order(id);
    await stores.topUps.recordIntent(order(id, { topUpId }));
    await stores.topUps.close(topUpId, { state: 'failed', failure, suspend: null });
  }
  expect((await stores.accounts.readSnapshot(id, null)).failuresInRow).toBe(1);
});

test('failures in a row end with a payment and with a new card', async () => {
  const id = await accountAfter(['save']);
  const fail = async () => {
    const recorded = await stores.topUps.recordIntent(order(id));
    const { topUpId } = recorded.status === 'recorded' ? recorded.topUp : order(id);
    await stores.topUps.close(topUpId, { state: 'failed', failure: 'card_declined', suspend: null });
  };
  const failures = async () => (await stores.accounts.readSnapshot(id, null)).failuresInRow;
  await fail();
  await fail();
  expect(await failures()).toBe(2);
  const paid = await paidTopUp(stores, id);
  await stores.ledger.creditTopUp(paid.topUpId);
  expect(await failures()).toBe(0);
  await asOwner(stores, (sql) => sql`update top_ups set paid_at = paid_at - interval '1 hour'`);
  expect(await failures()).toBe(2);
});

test('an account that nobody knows is a fault', async () => {
  await expect(stores.accounts.readSnapshot(accountId('nobody'), null)).rejects.toThrow('account_unknown');
});

test('settings saved upon a balance that is still to be told are not held against the one before', async () => {
  const id = await accountAfter(['signalled', 200, 'save']);
  const early = (await stores.accounts.readSnapshot(id, null)).wallets.call_minutes;
  expect(early).toMatchObject({ seq: 0, balance: 0, settings: null });
  await take(id, 'signalled');
  const late = (await stores.accounts.readSnapshot(id, null)).wallets.call_minutes;
  expect(late).toMatchObject({ seq: 1, balance: 200, settings: { version: 1 } });
});
