import type { FastifyRequest } from 'fastify';
import { Problem } from './problems.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses a change that a page of another site asks a browser for: a cookie is sent whoever asks. Every browser says
 *  where a change comes from, in `Sec-Fetch-Site` or in `Origin`; who says neither is refused too.
 *  @param publicUrl where browsers reach this service.
 *  @throws Problem `cross_site` */
export function requireSameOrigin({ method, headers }: FastifyRequest, publicUrl: string): void {
  if (READING.has(method)) return;
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined ? headers.origin === new URL(publicUrl).origin : site === 'same-origin';
  if (!isOwn) throw new Problem('cross_site');
}
