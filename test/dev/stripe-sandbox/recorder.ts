import { Stripe } from 'stripe';

/** One request of the suite with its answer, as it went over the wire. */
export interface Exchange {
  method: string;
  path: string;
  body: string;
  status: number;
  answer: unknown;
}

/** A Stripe client that writes down what it sends and receives. */
export function recordingClient(target: { port: number }, exchanges: Exchange[]): Stripe {
  return new Stripe('sk_test_sandbox', {
    host: '127.0.0.1',
    port: target.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(async (url: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(url, init);
      const text = await response.clone().text();
      const { pathname, search } = new URL(url instanceof Request ? url.url : url);
      exchanges.push({
        method: init?.method ?? 'GET',
        path: pathname + search,
        body: typeof init?.body === 'string' ? init.body : '',
        status: response.status,
        answer: JSON.parse(text) as unknown,
      });
      return response;
    }),
  });
}

/** A client without memory, for tests that look at behaviour. */
export function plainClient(target: { port: number }): Stripe {
  return new Stripe('sk_test_sandbox', {
    host: '127.0.0.1',
    port: target.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  });
}

/** Calls the sandbox's own controls. */
export async function control(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url + path, { method, ...json });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
