import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A charge on its way to Stripe. `create` makes the invoice, `pay` moves the money. */
export type TappedCharge = {
  readonly kind: 'create' | 'pay';
  readonly topUpId: string;
  /** The customer; only known of `create`. */
  readonly customerId: string | null;
  /** When its first byte arrived: milliseconds since the epoch. */
  readonly atMs: number;
};

export type StripeTap = { readonly url: string; stop(): Promise<void> };

const KEY = /^topup:(tu_[A-Za-z0-9_-]+):(invoice|pay:\d+)$/;

/** Stands between the service and the Stripe sandbox and notes when charges arrive; it runs in the sandbox's process,
 *  away from whoever makes the load. `GET /tap` lists what arrived. */
export async function startStripeTap(sandboxPort: number, port: number): Promise<StripeTap> {
  const charges = new Map<string, TappedCharge>();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const atMs = Date.now();
    const url = request.url ?? '/';
    if (url.startsWith('/tap')) {
      response.end(JSON.stringify([...charges.values()]));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const charge = chargeOf(request, body, atMs);
      // The first time counts: a retry carries the same key.
      if (charge !== null && !charges.has(charge.topUpId + charge.kind)) {
        charges.set(charge.topUpId + charge.kind, charge);
      }
      pass({ request, response, body, agent, sandboxPort });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

function chargeOf({ method, headers }: IncomingMessage, body: Buffer, atMs: number): TappedCharge | null {
  const key = headers['idempotency-key'];
  const [, topUpId, step] = KEY.exec(typeof key === 'string' ? key : '') ?? [];
  if (method !== 'POST' || topUpId === undefined || step === undefined) return null;
  if (step !== 'invoice') return { kind: 'pay', topUpId, customerId: null, atMs };
  const customerId = new URLSearchParams(body.toString()).get('customer');
  return { kind: 'create', topUpId, customerId, atMs };
}

function pass({
  request,
  response,
  body,
  agent,
  sandboxPort,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  agent: Agent;
  sandboxPort: number;
}): void {
  const { method, url, headers } = request;
  const upstream = forward(
    { host: '127.0.0.1', port: sandboxPort, method, path: url, headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  upstream.end(body);
}
