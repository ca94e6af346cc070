import '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Problem } from '../problems.ts';

declare module 'fastify' {
  interface FastifyInstance {
    credentialFailures: CredentialFailures;
  }
}

export type CredentialFailures = {
  /** @throws Problem `too_many_requests` when the address has presented too many wrong credentials. */
  admitGuess: (request: FastifyRequest) => Promise<void>;
  /** Counts a wrong credential. @throws Problem `too_many_requests` when that was one too many. */
  count: (request: FastifyRequest) => Promise<void>;
};

/** Bounds the wrong credentials that one address may present in a minute, wherever it presents them: in a header, a
 *  cookie, or at the sign-in. Comes after the plugin that limits rates. */
export const credentialFailures = fp(
  (app: FastifyInstance, { failuresPerMinute }: { failuresPerMinute: number }, done: () => void) => {
    const failures = app.createRateLimit({
      max: failuresPerMinute,
      timeWindow: '1 minute',
      keyGenerator: (request) => `failures:${request.ip}`,
    });
    app.decorate('credentialFailures', {
      admitGuess: async (request) => {
        const { remaining, ttlInSeconds } = asLimit(await failures(request, { increment: false }));
        if (remaining === 0) throw tooManyFailures(ttlInSeconds);
      },
      count: async (request) => {
        const { isExceeded, ttlInSeconds } = asLimit(await failures(request));
        if (isExceeded) throw tooManyFailures(ttlInSeconds);
      },
    });
    done();
  },
  { name: 'credential-failures', dependencies: ['security-headers'] },
);

type Limit = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

/** Nobody is on a list of those who may be wrong as often as they like. */
function asLimit(limit: Limit): Extract<Limit, { isAllowed: false }> {
  if (limit.isAllowed) throw new Error(`${limit.key} is not limited`);
  return limit;
}

function tooManyFailures(retryAfterSeconds: number): Problem {
  return new Problem('too_many_requests', {
    detail: 'Too many wrong keys or tokens from this address.',
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}
