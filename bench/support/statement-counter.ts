import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between the service and PostgreSQL and counts the statements and transactions that pass; what the bench asks
 *  by itself goes another way. */
export type StatementCounter = {
  /** The database's address by way of the counter. */
  readonly url: string;
  statements(): number;
  /** That have ended; a statement outside of any is one by itself. */
  transactions(): number;
  stop(): Promise<void>;
};

const HEADER_BYTES = 5;
/** The length of a message counts itself, and not the type. */
const LENGTH_BYTES = 4;
/** Messages of the frontend that run a statement: Execute of the extended protocol, Query of the simple one. */
const RUNS_A_STATEMENT = new Set(['E', 'Q'].map((letter) => letter.charCodeAt(0)));

/** The server is ready for the next statement, and no transaction is open. */
const READY = 'Z'.charCodeAt(0);
const IDLE = 'I'.charCodeAt(0);

/** Counts exactly, by the messages of PostgreSQL's protocol (version 3); `begin` and `commit` are statements too. */
export async function startStatementCounter(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let statements = 0;
  let transactions = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const count = createMessageReader((type) => {
      if (RUNS_A_STATEMENT.has(type)) statements += 1;
    });
    const countEnds = createMessageReader(
      (type, first) => {
        if (type === READY && first === IDLE) transactions += 1;
      },
      { started: true },
    );
    client.on('data', count);
    upstream.on('data', countEnds);
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.setNoDelay(true);
      sockets.add(one);
      one.on('close', () => sockets.delete(one));
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    statements: () => statements,
    transactions: () => transactions,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Cuts one connection's bytes into messages. The client's first has no type: it is the start of the session.
 *  @param onMessage is given the type, and the first byte of the content if there is any. */
function createMessageReader(
  onMessage: (type: number, first: number | undefined) => void,
  { started: begun }: { started: boolean } = { started: false },
): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let skip = 0;
  let started = begun;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const skipped = Math.min(skip, pending.length);
      pending = pending.subarray(skipped);
      skip -= skipped;
      if (skip > 0 || pending.length < HEADER_BYTES) return;
      if (started) {
        const length = pending.readInt32BE(1);
        const hasContent = length > LENGTH_BYTES;
        if (hasContent && pending.length === HEADER_BYTES) return;
        onMessage(pending.readUInt8(0), hasContent ? pending.readUInt8(HEADER_BYTES) : undefined);
        skip = 1 + length;
      } else {
        started = true;
        skip = pending.readInt32BE(0);
      }
    }
  };
}
