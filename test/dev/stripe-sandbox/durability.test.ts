import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { plainClient } from './recorder.ts';
import { newOpenInvoice, newShopper, succeededCharges } from './shop.ts';

const SERVER = new URL('../../../dev/stripe-sandbox/server.ts', import.meta.url).href;

describe('a sandbox killed with SIGKILL', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('has lost no charge that it answered, and still knows the key', async () => {
    const dataFile = join(mkdtempSync(join(tmpdir(), 'stripe-sandbox-')), 'data.sqlite');
    const before = await start(children, dataFile);
    const { customer } = await newShopper(plainClient(before));
    const invoice = await newOpenInvoice(plainClient(before), customer);
    const options = { idempotencyKey: `killed-${invoice.id}` };
    await plainClient(before).invoices.pay(invoice.id, {}, options);
    before.child.kill('SIGKILL');
    const after = await start(children, dataFile);
    const stripe = plainClient(after);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await succeededCharges(stripe, customer)).toHaveLength(1);
    const replayed = await stripe.invoices.pay(invoice.id, {}, options);
    expect(replayed.lastResponse.headers['idempotent-replayed']).toBe('true');
  });
});

async function start(
  children: ChildProcess[],
  dataFile: string,
): Promise<{ port: number; child: ChildProcess }> {
  const program = `
    import { startStripeSandbox } from ${JSON.stringify(SERVER)};
    const { port } = await startStripeSandbox({ port: 0, dataFile: ${JSON.stringify(dataFile)} });
    process.stdout.write(String(port));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())));
  child.once('exit', () => reject(new Error('the sandbox ended')));
  return { port: await promise, child };
}
