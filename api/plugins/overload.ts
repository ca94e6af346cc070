import { Transform } from 'node:stream';
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
    const room = createRoom(maxBytes);
    app.addHook('onRequest', (request, reply, done) => {
      if (isFull()) return done(refuse('events'));
      // Comes for every response, also for one that nobody waits for any more, but never twice: a client that went away
      // while its key was looked up would take its bytes along for good. Its body is not read any more either.
      if (reply.raw.destroyed) return done();
      const share = room.share();
      reply.raw.once('close', share.giveBack);
      if (!share.take(announcedBytes(request))) return done(refuse('bytes'));
      return done();
    });
    app.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers['content-length'] !== undefined || reply.raw.destroyed) return done(null, payload);
      const share = room.share();
      reply.raw.once('close', share.giveBack);
      const counted = new Transform({
        transform: (chunk: Buffer, _encoding, next) =>
          share.take(chunk.length) ? next(null, chunk) : next(refuse('bytes')),
      });
      return done(null, payload.pipe(counted));
    });
  },
  { name: 'overload' },
);

/** Room for so many bytes, in shares of requests. */
function createRoom(maxBytes: number) {
  let bytes = 0;
  const share = () => {
    let taken = 0;
    return {
      /** @returns false when there is no room for so many more; none of them is taken then. */
      take: (more: number): boolean => {
        if (bytes + more > maxBytes) return false;
        bytes += more;
        taken += more;
        return true;
      },
      giveBack: (): void => {
        bytes -= taken;
        taken = 0;
      },
    };
  };
  return { share };
}

/** 0 when the request does not say how long its body is: that is counted as it comes. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  return Math.min(Number(headers['content-length'] ?? 0), routeOptions.bodyLimit ?? 0);
}

const NOTHING_BOOKED = 'Nothing was booked; send the same batch again after the time that Retry-After names.';

/** The answer to what there is no room for: nothing of it was begun. */
export function overloaded(detail = NOTHING_BOOKED): Problem {
  const { min, max } = RETRY_AFTER_SECONDS;
  const seconds = min + Math.floor(Math.random() * (max - min + 1));
  return new Problem('overloaded', {
    detail,
    headers: { 'retry-after': String(seconds) },
  });
}
