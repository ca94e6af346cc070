import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import helmet from 'helmet';
import type { Limits } from '../deps.ts';
import { principalName } from '../principal.ts';
import { Problem } from '../problems.ts';
import { principalOf } from './authentication.ts';

/** Security headers for every answer. The API serves data, so its pages may load nothing at all; the reference
 *  page widens that for itself. */
export const securityHeaders = fp(
  async (app: FastifyInstance) => {
    // Made once: Fastify's plugin of it makes all of them anew for each request.
    const setHeaders = helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      crossOriginResourcePolicy: { policy: 'same-site' },
    });
    app.addHook('onRequest', (request, reply, done) => setHeaders(request.raw, reply.raw, () => done()));
    await app.register(rateLimit, { global: false });
  },
  { name: 'security-headers' },
);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Counted by itself and not with the caller's other requests. */
    fairUse?: 'usage';
  }
}

/** Bounds what one key or token may ask of this instance, and keeps account data out of caches. Comes after
 *  authentication, so that a forged credential uses up nobody's share. */
export const fairUse = fp(
  (app: FastifyInstance, limits: Limits, done: () => void) => {
    const count = app.createRateLimit({
      max: (request: FastifyRequest) => shareOf(request, limits),
      timeWindow: '1 minute',
      keyGenerator: (request) =>
        `${principalName(principalOf(request))} ${request.routeOptions.config.fairUse ?? ''}`,
    });
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const limit = await count(request);
      if (limit.isAllowed || !limit.isExceeded) return;
      throw new Problem('too_many_requests', { headers: { 'retry-after': String(limit.ttlInSeconds) } });
    });
    done();
  },
  { name: 'fair-use', dependencies: ['authentication'] },
);

function shareOf(request: FastifyRequest, limits: Limits): number {
  const { role } = principalOf(request);
  if (request.routeOptions.config.fairUse === 'usage') return limits.usagePerMinute;
  switch (role) {
    case 'platform':
      return limits.platformPerMinute;
    case 'operator':
      return limits.operatorPerMinute;
    case 'customer':
      return limits.customerPerMinute;
  }
}
