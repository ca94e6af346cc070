import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readUsageEvent, usageBody } from '../../api/schemas/usage.ts';
import { connect } from '../../db/connect.ts';
import { createLedger } from '../../db/ledger.ts';
import { POLICY } from '../../domain/policy.ts';

/** The design that grouping is held against: every request is parsed and booked as the API does it, in a transaction
 *  and with a commit of its own. It has no keys to look up, no limits and no metrics, so it is cheaper than the API
 *  would be without grouping.
 *
 *  Arguments: the address of the database, and the size of the pool. Prints its own address when it listens. */
const [databaseUrl = '', pool = ''] = process.argv.slice(2);
const db = connect(databaseUrl, {
  max: Number(pool),
  applicationName: 'bench-one-commit',
  log: { warn: () => undefined },
});
const ledger = createLedger(db, POLICY);

const server = createServer((request, response) => {
  void answer(request)
    .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
    .then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { events } = usageBody.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const results = await Promise.all(
    events.map(async (raw) => {
      const reading = readUsageEvent(raw, Date.now());
      if (reading.status === 'invalid') throw new Error(reading.detail);
      const [result] = await ledger.ingest([reading.event]);
      return result;
    }),
  );
  return { status: 200, body: { results } };
}
