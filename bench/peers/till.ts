import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the peers' mock charges arrive. It answers at once and counts each key once. */
export type Till = { readonly url: string; charges(): number; stop(): Promise<void> };

export async function startTill(): Promise<Till> {
  const keys = new Set<string>();
  const server = createServer((request, response) => {
    keys.add(request.url ?? '');
    request.resume();
    response.end('paid');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    charges: () => keys.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Charges a card that always pays.
 *  @throws when the till does not answer. */
export async function chargeAtTill(tillUrl: string, key: string): Promise<void> {
  const response = await fetch(`${tillUrl}/${encodeURIComponent(key)}`, { method: 'POST' });
  await response.text();
  if (!response.ok) throw new Error(`the till answered ${response.status}`);
}
