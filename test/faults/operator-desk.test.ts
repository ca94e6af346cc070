import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { createAccountWorkflows } from '../../temporal/account-workflows.ts';
import { accountId } from '../../domain/ids.ts';
import { eventually } from '../support/eventually.ts';
import { chat, createExampleAccount } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startStoppableTemporal, type StoppableTemporal } from '../support/stoppable-temporal.ts';

const IN_THE_END = { timeoutMs: 60_000, pauseMs: 200 };

type Standing = {
  status: string;
  told: number | null;
  version: number;
  newsOnTheWay: boolean;
  summary: string | null;
  differences: { what: string; workflow: unknown; database: unknown }[];
};

describe('an operator at the desk', () => {
  let stack: Stack;
  let temporal: StoppableTemporal;

  beforeAll(async () => {
    temporal = await startStoppableTemporal();
    stack = await startStack({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await stack.stop();
    await temporal.remove();
  });

  async function ask(path: string, body?: object): Promise<{ status: number; body: unknown }> {
    return stack.call(body === undefined ? 'GET' : 'POST', `/v1/operator/${path}`, body, {
      authorization: `Bearer ${stack.operatorKey}`,
      'idempotency-key': crypto.randomUUID(),
    });
  }

  it('sends a test alert that disarms no real one', { timeout: 120_000 }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null, profile: { locale: 'en' } });
    await account.grant('chat_credits', 200);
    await account.enable('chat_credits', { topUpBelow: 0 });
    const reason = 'No alerts arrive.';
    await ask(`accounts/${account.id}/send-test-alert`, { wallet: 'chat_credits', reason });
    const subjects = async () => (await stack.mails(account.email)).map(({ Subject }) => Subject).sort();
    await eventually(
      async () => expect(await subjects()).toEqual([expect.stringContaining('Test alert')]),
      IN_THE_END,
    );
    await account.use([chat(120)]);
    await eventually(
      async () =>
        expect(await subjects()).toEqual([
          expect.stringContaining('Low balance'),
          expect.stringContaining('Test alert'),
        ]),
      IN_THE_END,
    );
  });

  it('sends a dead letter again, once', { timeout: 120_000 }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('chat_credits', 200);
    await account.enable('chat_credits', { topUpBelow: 0 });
    await account.use([chat(120)]);
    await eventually(async () => expect(await stack.mails(account.email)).toHaveLength(1), IN_THE_END);
    const sql = postgres(stack.databaseUrl, { max: 1 });
    // As if it had never been handed over: one that may have been is looked up, and found here.
    const [mail] = await eventually(async () => {
      const rows = await sql<{ deliveryId: string }[]>`
        update deliveries set status = 'dead', sending_since = null where account_id = ${account.id} and status = 'sent'
        returning delivery_id as "deliveryId"`;
      expect(rows).toHaveLength(1);
      return rows;
    }, IN_THE_END);
    const reason = 'The address works again.';
    expect((await ask(`mails/${mail?.deliveryId}/replay`, { reason })).status).toBe(202);
    await eventually(async () => {
      const [row] = await sql<{ status: string }[]>`
        select status from deliveries where delivery_id = ${mail?.deliveryId ?? ''}`;
      expect(row?.status).toBe('sent');
    }, IN_THE_END);
    await sql.end();
    expect(await stack.mails(account.email)).toHaveLength(2);
  });

  it('sees the workflow beside the database, that nobody answers without a worker, and that Temporal is away', {
    timeout: 180_000,
  }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    const standing = async () => (await ask(`accounts/${account.id}/workflow`)).body as Standing;
    await account.grant('chat_credits', 60);
    await eventually(async () => {
      expect(await standing()).toMatchObject({
        status: 'answered',
        newsOnTheWay: false,
        differences: [],
        summary: expect.stringContaining('60') as string,
      });
    }, IN_THE_END);

    const sql = postgres(stack.databaseUrl, { max: 1 });
    await sql`update wallets set balance = balance + 1000 where account_id = ${account.id} and wallet = 'chat_credits'`;
    expect((await standing()).differences).toEqual([
      { what: 'balance', wallet: 'chat_credits', workflow: 60, database: 61 },
    ]);
    await sql`update wallets set balance = balance - 1000 where account_id = ${account.id} and wallet = 'chat_credits'`;
    await sql.end();

    await temporal.stop();
    const before = performance.now();
    expect(await standing()).toMatchObject({ status: 'unreachable', differences: [] });
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await ask('health')).body).toMatchObject({ temporal: 'unreachable' });
    await temporal.start();
    await eventually(async () => expect((await standing()).status).toBe('answered'), IN_THE_END);
  });

  it('is told when the API has not the keys to read a workflow', { timeout: 120_000 }, async () => {
    const account = await createExampleAccount(stack, { paymentMethod: null });
    await account.grant('chat_credits', 60);
    const connection = await Connection.connect({ address: temporal.address });
    const workflows = createAccountWorkflows(new Client({ connection }), false);
    await eventually(async () => {
      expect(await workflows.read(accountId(account.id))).toEqual({ status: 'unreadable' });
    }, IN_THE_END);
    expect(await workflows.read(accountId('nobody'))).toEqual({ status: 'absent' });
    await connection.close();
  });
});
