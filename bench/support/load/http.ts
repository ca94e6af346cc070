import autocannon from 'autocannon';
import { nthAccount } from '../seed.ts';
import { createEventMaker, pick } from './events.ts';
import type { Answered, HttpJob, PacedJob } from './jobs.ts';

/** Sends batches over connections that are kept open, until the time is up; what is unanswered then counts for
 *  nothing.
 *  @throws when an answer of 200 holds an event that was not accepted. */
export async function sendOverHttp(job: HttpJob): Promise<Answered> {
  const { url, keys, batch, accounts, connections, seconds } = job;
  const maker = createEventMaker();
  const latenciesMs: number[] = [];
  let requests = 0;
  let accepted = 0;
  let refused = 0;
  let wrong = '';
  const options: autocannon.Options = {
    url: `${url}/v1/usage`,
    connections,
    duration: seconds,
    method: 'POST',
    verifyBody: (body) => {
      const text = String(body);
      if (!text.includes('"results"')) return true;
      if (isAllAccepted(text)) {
        maker.acknowledge(firstIdOf(text), batch);
        accepted += batch;
      } else wrong = text;
      return true;
    },
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${keys[(requests += 1) % keys.length] ?? ''}`,
          },
          body: maker.body(pick(accounts, batch)),
        }),
      },
    ],
  };
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(options, (error: Error | null) => (error === null ? resolve() : reject(error)));
    run.on('response', (_client, status, _bytes, responseTimeMs) => {
      if (status === 200) latenciesMs.push(responseTimeMs);
      else refused += 1;
    });
  });
  if (wrong !== '') throw new Error(`an event was not accepted: ${wrong.slice(0, 500)}`);
  return {
    events: accepted,
    acknowledged: maker.acknowledged(),
    refused,
    seconds: (performance.now() - began) / 1_000,
    latenciesMs,
  };
}

const MAX_BATCH = 1_000;
const TICK_MS = 1_000;

/** Sends each second what the calls of that second report, in as few requests as the API takes.
 *  @throws when an event was not accepted. */
export async function sendAtPace({ url, keys, seconds, groups }: PacedJob): Promise<Answered> {
  const maker = createEventMaker();
  const latenciesMs: number[] = [];
  let events = 0;
  let refused = 0;
  const send = async (accounts: readonly string[], key: string) => {
    const sentAt = performance.now();
    const response = await fetch(`${url}/v1/usage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: maker.body(accounts),
    });
    const text = await response.text();
    if (response.status === 200 && !isAllAccepted(text))
      throw new Error(`not accepted: ${text.slice(0, 500)}`);
    if (response.status === 200) {
      maker.acknowledge(firstIdOf(text), accounts.length);
      events += accounts.length;
    } else refused += 1;
    latenciesMs.push(performance.now() - sentAt);
  };
  const began = performance.now();
  const sent: Promise<void>[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const due = groups.flatMap((group) => dueInSecond(group, second));
    for (let from = 0; from < due.length; from += MAX_BATCH) {
      sent.push(send(due.slice(from, from + MAX_BATCH), keys[second % keys.length] ?? ''));
    }
    const next = began + (second + 1) * TICK_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  await Promise.all(sent);
  const acknowledged = maker.acknowledged();
  return { events, acknowledged, refused, seconds: (performance.now() - began) / 1_000, latenciesMs };
}

/** Of an answer, which has a result for each event in the order of the request. */
function firstIdOf(body: string): string {
  const [, id = ''] = /"id":"([^"]+)"/.exec(body) ?? [];
  return id;
}

function isAllAccepted(body: string): boolean {
  return !/"status":"(?!accepted")/.test(body);
}

/** An account with a fraction of an event a second has its turn every few seconds, each account at another one. */
function dueInSecond({ accounts, eventsPerSecond }: PacedJob['groups'][number], second: number): string[] {
  return Array.from({ length: accounts.count }, (_, number) => {
    const before = Math.floor((second + number) * eventsPerSecond);
    const after = Math.floor((second + number + 1) * eventsPerSecond);
    return Array.from({ length: after - before }, () => nthAccount(accounts, number));
  }).flat();
}
