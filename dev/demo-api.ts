import type { Wallet } from '../domain/wallet.ts';

/** The answers of the HTTP API as far as the demo reads them. */
export type AccountAnswer = {
  readonly id: string;
  readonly stripeCustomerId: string | null;
  readonly wallets: Readonly<
    Record<Wallet, { readonly balance: number; readonly autoTopUp: { readonly state: string } }>
  >;
};

export type LedgerItem = {
  readonly wallet: Wallet;
  readonly seq: number;
  readonly kind: string;
  readonly units: number;
  readonly balanceAfter: number;
  readonly source: string | null;
  readonly type: string | null;
};

export type TopUpItem = {
  readonly id: string;
  readonly wallet: Wallet;
  readonly trigger: string;
  readonly state: string;
  readonly amount: number;
  readonly vat: number | null;
  readonly total: number | null;
  readonly units: number;
  readonly invoiceNumber: string | null;
};

export type NotificationItem = {
  readonly id: string;
  readonly kind: string;
  readonly wallet: Wallet | null;
  readonly title: string;
};

export type DemoApi = {
  call<Answer>(method: 'GET' | 'PUT' | 'POST', path: string, body?: object): Promise<Answer>;
  /** Saves settings over the version that stands. */
  saveSettings(accountId: string, wallet: Wallet, settings: object): Promise<void>;
  /** All pages of a list, in the API's order. */
  list<Item>(path: string): Promise<readonly Item[]>;
};

/** A client of the HTTP API that acts as whoever the key belongs to: the platform, for all that the demo does.
 *  @throws Error with method, path, status and the problem's text for every answer that is not 2xx. */
export function demoApi(baseUrl: string, key: string): DemoApi {
  async function send(method: string, path: string, body?: object, headers?: Record<string, string>) {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return { response, answer: text === '' ? null : (JSON.parse(text) as unknown) };
  }

  return {
    async call<Answer>(method: 'GET' | 'PUT' | 'POST', path: string, body?: object) {
      return (await send(method, path, body)).answer as Answer;
    },
    async saveSettings(accountId, wallet, settings) {
      const path = `/v1/accounts/${accountId}/auto-top-up/${wallet}`;
      const { response } = await send('GET', path);
      const version = response.headers.get('etag');
      await send('PUT', path, settings, version === null ? {} : { 'if-match': version });
    },
    async list<Item>(path: string) {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
        const page = (await send('GET', `${path}${query}`)).answer as { items: Item[]; next: string | null };
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      return items;
    },
  };
}
