import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;

type Deps = Pick<ApiDeps, 'web' | 'publicUrl'>;

/** The pages for people, as `npm run build:web` left them. A page's addresses below its own belong to the page too, so
 *  that each can be opened and reloaded. Only the credits page may stand in a frame, and only in those allowed. */
export async function webRoutes(app: FastifyInstance, { web, publicUrl }: Deps): Promise<void> {
  const ancestors = web.frameAncestors.length === 0 ? "'self'" : web.frameAncestors.join(' ');
  const page = (name: string, frameAncestors: string) => {
    const handler = async (_request: unknown, reply: FastifyReply) => {
      const html = await readPage(join(web.folder, `${name}.html`));
      // It knows only one origin or none; browsers that know the list of the policy need no such header.
      if (frameAncestors !== "'none'") reply.removeHeader('x-frame-options');
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-security-policy', policyFor(frameAncestors))
        .header('referrer-policy', 'no-referrer')
        .send(withBase(html, publicUrl));
    };
    app.get(`/${name}`, { schema: { hide: true } }, handler);
    app.get(`/${name}/*`, { schema: { hide: true } }, handler);
  };
  page('credits', ancestors);
  page('console', "'none'");
  await app.register(fastifyStatic, {
    root: join(web.folder, 'assets'),
    prefix: '/assets/',
    schemaHide: true,
    index: false,
    preCompressed: true,
    // Their names change with their content.
    immutable: true,
    maxAge: YEAR_MS,
    decorateReply: false,
    suppressWarning: true,
  });
}

/** Read each time: it is small, and a build that comes later needs no new start.
 *  @throws Problem `unavailable` that says what to run. */
async function readPage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Problem('unavailable', {
      detail: 'The pages have not been built. Run `npm run build:web`.',
      cause,
    });
  }
}

/** The pages name their parts relative to where the service is reached, which may be below a path. */
function withBase(html: string, publicUrl: string): string {
  const path = new URL(publicUrl).pathname.replace(/\/?$/, '/');
  return html.replace('<head>', `<head>\n    <base href="${encodeURI(path)}" />`);
}

/** Scripts and data from here alone. Mantine sets styles on elements, which only `unsafe-inline` admits. */
function policyFor(frameAncestors: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');
}
