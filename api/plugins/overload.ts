import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Metrics } from '../metrics.ts';
import { Problem } from '../problems.ts';

export type OverloadOptions = {
  /** Bytes of bodies that may be in the process at once. */
  maxBytes: number;
  /** Mean delay of the event loop over `SAMPLE_MS`. */
  maxDelayMs: number;
  /** Whether there is no more room for the work behind these routes. */
  isFull: () => boolean;
  metrics: Pick<Metrics, 'usageRefused'>;
};

/** Long enough that one pause, as a boot or a busy machine makes it, is not taken for overload. */
const SAMPLE_MS = 1_000;
/** Spread, so that those who were refused together do not come back together. */
const RETRY_AFTER_SECONDS = { min: 1, max: 3 } as const;

/** Refuses requests of this scope before their bodies are read while there is more work than the process can hold,
 *  so that its memory stays bounded and everything outside of the scope is still answered. */
export const overload = fp(
  async (app: FastifyInstance, { maxBytes, maxDelayMs, isFull, metrics }: OverloadOptions) => {
    const refuse = (reason: 'bytes' | 'delay' | 'events'): Problem => {
      metrics.usageRefused.inc({ reason });
      return overloaded();
    };
    await app.register(underPressure, {
      maxEventLoopDelay: maxDelayMs,
      sampleInterval: SAMPLE_MS,
      pressureHandler: () => Promise.reject(refuse('delay')),
    });
    let bytes = 0;
    app.addHook('onRequest', (request, reply, done) => {
      const size = announcedBytes(request);
      if (isFull()) return done(refuse('events'));
      if (bytes + size > maxBytes) return done(refuse('bytes'));
      bytes += size;
      // Comes for every response, also for one that nobody waits for any more.
      reply.raw.once('close', () => {
        bytes -= size;
      });
      return done();
    });
  },
  { name: 'overload' },
);

/** Whoever does not say how long the body is takes the room of the longest. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  const announced = Number(headers['content-length'] ?? Number.NaN);
  return Number.isNaN(announced)
    ? (routeOptions.bodyLimit ?? 0)
    : Math.min(announced, routeOptions.bodyLimit ?? 0);
}

/** The answer to usage that there is no room for: nothing of it was booked. */
export function overloaded(): Problem {
  const { min, max } = RETRY_AFTER_SECONDS;
  const seconds = min + Math.floor(Math.random() * (max - min + 1));
  return new Problem('overloaded', {
    detail: 'Nothing was booked; send the same batch again after the time that Retry-After names.',
    headers: { 'retry-after': String(seconds) },
  });
}
