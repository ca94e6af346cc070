import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import type { Child } from '../../dev/child.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount, type LedgerItem, type TopUpItem } from '../support/example-account.ts';
import { isFrozen } from '../support/processes.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { control, type SandboxRequest } from '../support/stripe-controls.ts';

/** A worker that says nothing for so long is believed to be dead. */
const POLICY = { ledgerTimeoutMs: 2_000, heartbeatTimeoutMs: 3_000, mailSearchLagMs: 12_000 };
const TAKEN_OVER = { timeoutMs: 90_000, pauseMs: 250 };

describe('a worker that freezes until another one has its work, and then goes on', () => {
  let stack: Stack;
  let db: Database;
  const frozen = new Set<Child>();
  beforeAll(async () => {
    stack = await startStack({ worker: false, policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    for (const { pid } of frozen) process.kill(pid, 'SIGCONT');
    await db.end();
    await stack.stop();
  });
  const requests = async () =>
    (await control<{ items: SandboxRequest[] }>(stack, 'requests')).items.filter(({ path }) =>
      path.startsWith('/v1/'),
    );

  it.each(['charge.attempt_begun'] as const)(
    '%s: one payment, one credit',
    {
      timeout: 150_000,
    },
    async (step) => {
      const id = `acc_${crypto.randomUUID()}`;
      const first = await stack.startWorker({ step, accountId: id, by: 'SIGSTOP' });
      frozen.add(first);
      const account = await createExampleAccount(stack, { id });
      await account.grant('chat_credits', 120);
      await account.enable('chat_credits');
      await account.use([chat(80)]);
      await eventually(async () => expect(await isFrozen(first.pid)).toBe(true), TAKEN_OVER);
      const second = await stack.startWorker();
      await eventually(async () => {
        const [topUp] = await account.list<TopUpItem>('top-ups');
        expect(['paid', 'credited']).toContain(topUp?.state);
      }, TAKEN_OVER);

      // Not longer than needed: what the server hands to a worker that is frozen has to time out first.
      const before = (await requests()).length;
      process.kill(first.pid, 'SIGCONT');
      frozen.delete(first);
      // It goes on where it was, with a call that the other one has made already.
      await eventually(async () => expect((await requests()).length).toBeGreaterThan(before), TAKEN_OVER);
      await eventually(async () => {
        expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);
        expect((await stack.mails(account.email)).map(({ Tag }) => Tag).sort()).toEqual([
          'balance.alert',
          'top_up.succeeded',
        ]);
      }, TAKEN_OVER);
      // Each ends what it is doing before it stops.
      await Promise.all([first.stop(), second.stop()]);

      const { stripeCustomerId: customer } = await account.read();
      const paid = (await requests()).filter(({ key }) => key?.endsWith(':pay:1') === true);
      expect(paid.map(({ replayed }) => replayed)).toEqual([false, true]);
      expect(new Set(paid.map(({ key }) => key)).size).toBe(1);
      expect((await stack.stripe.invoices.list({ customer })).data).toMatchObject([{ status: 'paid' }]);
      const intents = await stack.stripe.paymentIntents.list({ customer });
      expect(intents.data.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
      const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
      expect(credits).toHaveLength(1);
      expect(await stack.mails(account.email)).toHaveLength(2);
      expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
    },
  );
});
