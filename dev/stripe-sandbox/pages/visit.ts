import type { FastifyReply } from 'fastify';
import type { Door } from '../dispatch.ts';
import { ApiError } from '../errors.ts';
import type { Scope } from '../scope.ts';
import { within } from '../within.ts';
import { html, sendPage } from './layout.ts';

/** What a page does after a form was sent. */
export type Outcome = { goTo: string } | { failed: string };

/** Runs what a person did as one transaction, like an API request. A refusal is told, not thrown. */
export function act(door: Door, work: (scope: Scope) => Outcome): Outcome {
  try {
    return within(door, work);
  } catch (error) {
    if (error instanceof ApiError) return { failed: error.message };
    throw error;
  }
}

export function scopeOf(door: Door): Scope {
  return door.scope({ id: null, idempotency_key: null });
}

export function notFound(reply: FastifyReply, what: string): FastifyReply {
  return sendPage(
    reply,
    'Not found',
    html`<section><h1>Not found</h1><p>There is no ${what} with this address.</p></section>`,
    404,
  );
}

/** A page without a next step. */
export function message(reply: FastifyReply, title: string, text: string): FastifyReply {
  return sendPage(reply, title, html`<section class="narrow"><h1>${title}</h1><p>${text}</p></section>`);
}
