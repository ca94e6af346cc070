import type { ApiProcess } from './service.ts';

export type UsageReport = {
  readonly id: string;
  readonly account: string;
  readonly seconds: number;
  /** `campaign` unless told. */
  readonly source?: string;
};

let turn = 0;

/** Reports calls over HTTP.
 *  @returns when it was acknowledged: milliseconds since the epoch.
 *  @throws when an event was not accepted. */
export async function reportCalls(
  { url, keys }: Pick<ApiProcess, 'url' | 'keys'>,
  calls: readonly UsageReport[],
): Promise<number> {
  return reportBody({ url, keys }, bodyOf(calls));
}

/** The body of a request; made beforehand where the making must not be measured. */
export function bodyOf(calls: readonly UsageReport[]): string {
  const occurredAt = new Date().toISOString();
  return JSON.stringify({
    events: calls.map((call) => ({ type: 'call', source: 'campaign', ...call, occurredAt })),
  });
}

export async function reportBody(
  { url, keys }: Pick<ApiProcess, 'url' | 'keys'>,
  body: string,
): Promise<number> {
  turn += 1;
  const response = await fetch(`${url}/v1/usage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${keys[turn % keys.length] ?? ''}`,
    },
    body,
  });
  const acknowledgedAtMs = Date.now();
  const text = await response.text();
  if (!response.ok || /"status":"(?!accepted")/.test(text)) {
    throw new Error(`usage was not accepted: ${response.status} ${text.slice(0, 300)}`);
  }
  return acknowledgedAtMs;
}
