import { pino } from 'pino';
import { buildApp } from '../api/app.ts';
import { LIMITS, type ApiDeps } from '../api/deps.ts';
import { POLICY } from '../domain/policy.ts';

/** The API's description of itself, made from its routes. Nothing is connected to and nothing listens. */
export async function openApiDocument(): Promise<object> {
  const known: Partial<ApiDeps> = {
    policy: POLICY,
    limits: LIMITS,
    web: { folder: '/nowhere', frameAncestors: [] },
    reconciliations: { list: unreachable, standing: unreachable },
    trustedProxies: [],
    oidc: null,
    publicUrl: 'http://127.0.0.1:3000',
    logger: pino({ level: 'silent' }),
  };
  // Routes are only described and never called, so what they would ask of the rest is never touched.
  const app = await buildApp(known as ApiDeps);
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}

function unreachable(): never {
  throw new Error('the API is only described here');
}
