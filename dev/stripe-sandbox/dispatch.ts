import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ErrorBody, keyInUse, rateLimited, unauthorized, unknownUrl } from './errors.ts';
import { expandAll } from './expand.ts';
import { canonicalForm, decodeForm, type FormHash } from './form-body.ts';
import { assertKey, type KeyedRequest, recall, remember, type StoredResult } from './idempotency.ts';
import { newId } from './ids.ts';
import { Params } from './params.ts';
import type { Route, Scope } from './scope.ts';
import type { Store } from './store.ts';
import type { Occasion, Switches } from './switches.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  authorization: string | undefined;
  idempotencyKey: string | undefined;
}

export interface ApiResponse {
  status: number;
  body: string;
  requestId: string;
  replayed: boolean;
  /** `reset` destroys the socket; `truncate` breaks off in the middle of the body. */
  fault: 'none' | 'reset' | 'truncate';
}

export interface Door {
  store: Store;
  switches: Switches;
  routes: readonly Route[];
  /** Keys whose first request is still being worked on. */
  inFlight: Set<string>;
  now(): number;
  scope(request: Scope['request']): Scope;
  /** Called after a transaction that may have recorded events. */
  committed(): void;
}

/** Answers one API request as Stripe would: authentication, faults, idempotency, then the handler. Never throws for
 *  what a client did; what it throws is a bug of the sandbox. */
export async function serve(door: Door, request: ApiRequest): Promise<ApiResponse> {
  const requestId = newId('req', 14);
  const response = await answer(door, request, requestId).catch((error: unknown) => {
    if (error instanceof ApiError) return plain(error.status, errorText(error.body, requestId));
    throw error;
  });
  record(door, request, requestId, response);
  return { ...response, requestId };
}

type Answer = Omit<ApiResponse, 'requestId'>;

async function answer(door: Door, request: ApiRequest, requestId: string): Promise<Answer> {
  if (!/^Bearer sk_test_\w+$/.test(request.authorization ?? '')) throw unauthorized();
  const values = { ...decodeForm(request.query), ...decodeForm(request.body) };
  const found = match(door.routes, request.method, request.path);
  const occasion = occasionOf(door.store, request, values, found?.ids ?? []);
  if (door.switches.take('rate_limit', occasion) !== undefined) throw rateLimited();
  if (door.switches.take('lost_request', occasion) !== undefined) return { ...plain(0, ''), fault: 'reset' };
  const work = { route: found?.route, ids: found?.ids ?? [], values, occasion, requestId };
  if (request.method !== 'POST' || request.idempotencyKey === undefined)
    return perform(door, request, work, undefined);
  return performOnce(door, request, work, request.idempotencyKey);
}

interface Work {
  route: Route | undefined;
  ids: string[];
  values: FormHash;
  occasion: Occasion;
  requestId: string;
}

async function performOnce(door: Door, request: ApiRequest, work: Work, key: string): Promise<Answer> {
  assertKey(key);
  if (door.inFlight.has(key) || door.switches.take('conflict', work.occasion) !== undefined)
    throw keyInUse(key);
  door.inFlight.add(key);
  try {
    const keyed = { key, path: request.path, fingerprint: canonicalForm(work.values) };
    const first = recall(door.store, keyed, door.now());
    if (first === undefined) return await perform(door, request, work, keyed);
    await delay(door, work.occasion, 'before');
    return await finish(door, work, { ...plain(first.status, first.body), replayed: true });
  } finally {
    door.inFlight.delete(key);
  }
}

async function perform(
  door: Door,
  request: ApiRequest,
  work: Work,
  keyed: KeyedRequest | undefined,
): Promise<Answer> {
  await delay(door, work.occasion, 'before');
  const keep = (result: StoredResult): Answer => {
    if (keyed !== undefined) remember(door.store, keyed, result, door.now());
    return plain(result.status, result.body);
  };
  const early = door.switches.take('error_before', work.occasion);
  if (early !== undefined) {
    const result = { status: early.status ?? 500, body: errorText(SERVER_ERROR, work.requestId) };
    return early.stored ? keep(result) : plain(result.status, result.body);
  }
  const bare = door.switches.take('no_error_body', { ...work.occasion, when: 'before' });
  if (bare !== undefined) return plain(bare.status ?? 502, '{}');
  if (work.route === undefined) throw unknownUrl(request.method, request.path);
  const route = work.route;
  const done = door.store.transaction(() => {
    const result = execute(door, route, work, keyed?.key ?? null);
    const late = door.switches.take('error_after', work.occasion);
    if (late === undefined) return keep(result);
    return keep({ status: late.status ?? 500, body: errorText(SERVER_ERROR, work.requestId) });
  });
  door.committed();
  return finish(door, work, done);
}

function execute(door: Door, route: Route, work: Work, key: string | null): StoredResult {
  const scope = door.scope({ id: work.requestId, idempotency_key: key });
  const params = new Params(work.values);
  const reply = route.handle({ scope, params, ids: work.ids });
  params.assertAllKnown();
  const body = reply.status === 200 ? expandAll(scope, reply.body, params.list('expand') ?? []) : reply.body;
  return { status: reply.status, body: JSON.stringify(body, null, 2) };
}

/** Faults of the answer, which befall a replay as well as a first result. */
async function finish(door: Door, work: Work, done: Answer): Promise<Answer> {
  await delay(door, work.occasion, 'after');
  if (door.switches.take('lost_response', work.occasion) !== undefined) return { ...done, fault: 'reset' };
  if (door.switches.take('truncated_body', work.occasion) !== undefined)
    return { ...done, fault: 'truncate' };
  const bare = door.switches.take('no_error_body', { ...work.occasion, when: 'after' });
  return bare === undefined ? done : { ...done, status: bare.status ?? 502, body: '{}' };
}

async function delay(door: Door, occasion: Occasion, when: 'before' | 'after'): Promise<void> {
  const taken = door.switches.take('delay', { ...occasion, when });
  if (taken !== undefined) await sleep(taken.ms);
}

function match(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; ids: string[] } | undefined {
  const given = path.split('/');
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (route.method !== method || wanted.length !== given.length) continue;
    const fits = wanted.every((segment, index) => segment.startsWith(':') || segment === given[index]);
    if (!fits) continue;
    const ids = given.filter((_, index) => wanted[index]?.startsWith(':') === true).map(decodeURIComponent);
    return { route, ids };
  }
  return undefined;
}

/** What a switch can be limited by. The customer is the one named, or the one whose object the path names. */
function occasionOf(store: Store, request: ApiRequest, values: FormHash, ids: readonly string[]): Occasion {
  const { method, path } = request;
  const named = values['customer'];
  if (typeof named === 'string' && named !== '') return { method, path, customer: named };
  const [id] = ids;
  if (id === undefined) return { method, path };
  if (id.startsWith('cus_')) return { method, path, customer: id };
  const owner = store.any(id)?.['customer'];
  return typeof owner === 'string' ? { method, path, customer: owner } : { method, path };
}

const SERVER_ERROR: ErrorBody = { type: 'api_error', message: 'An unknown error occurred' };

function plain(status: number, body: string): Answer {
  return { status, body, replayed: false, fault: 'none' };
}

function errorText(body: ErrorBody, requestId: string): string {
  const log = `https://dashboard.stripe.com/test/logs/${requestId}`;
  return JSON.stringify({ error: { ...body, request_log_url: log } }, null, 2);
}

function record(door: Door, request: ApiRequest, requestId: string, response: Answer): void {
  door.store.db
    .prepare(
      'INSERT INTO requests (id, method, path, key, status, replayed, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      requestId,
      request.method,
      request.path,
      request.idempotencyKey ?? null,
      response.status,
      response.replayed ? 1 : 0,
      door.now(),
    );
}
