import type { EventLog } from './events.ts';
import type { Params } from './params.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

/** What a request or a page works with. One transaction is open on the store while it runs. */
export interface Scope {
  store: Store;
  events: EventLog;
  switches: Switches;
  /** Seconds since 1970, by the sandbox's clock, which can be moved forward. */
  now(): number;
  /** Where people reach the pages, without a slash at the end. */
  publicUrl: string;
  request: { id: string | null; idempotency_key: string | null };
}

export interface Call {
  scope: Scope;
  params: Params;
  /** The ids in the path, in order. */
  ids: readonly string[];
}

/** What goes back: an object for a 200, or a status of its own whose effect stays (a declined card). */
export type Reply = { status: number; body: object };

/** @returns what is sent; effects and result are committed together.
 *  @throws ApiError to refuse: nothing is kept. */
export type Handler = (call: Call) => Reply;

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** `:id` stands for an id. */
  path: string;
  handle: Handler;
}

export function get(path: string, handle: Handler): Route {
  return { method: 'GET', path, handle };
}

export function post(path: string, handle: Handler): Route {
  return { method: 'POST', path, handle };
}

export function remove(path: string, handle: Handler): Route {
  return { method: 'DELETE', path, handle };
}

export function ok(body: object): Reply {
  return { status: 200, body };
}

/** The id in the path: the route guarantees it. */
export function pathId(call: Call, index = 0): string {
  const id = call.ids[index];
  if (id === undefined) throw new Error(`the route has no id number ${index}`);
  return id;
}
