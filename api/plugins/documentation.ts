import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import swagger, { type SwaggerTransform } from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { webhookOperations } from '../schemas/platform-webhooks.ts';

const DOCS_PATH = '/docs';
const DOCUMENT_PATH = '/openapi.json';

/** Describes the routes registered after it in an OpenAPI 3.1 document, made from the schemas that check them. */
export const openApi = fp(
  async (app: FastifyInstance, { publicUrl }: { publicUrl: string }) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Auto Top-up',
          version: '1',
          description: DESCRIPTION,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        servers: [{ url: publicUrl.replace(/\/$/, '') }],
        security: [{ bearer: [] }],
        components: {
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              description: "A platform or operator key, or a customer's token from a session.",
            },
            postmark: { type: 'http', scheme: 'basic' },
          },
        },
        tags: TAGS,
      },
      transform: describeCallers,
      transformObject: (document) =>
        withWebhooks(withDescriptions(withoutUnusedSchemas(jsonSchemaTransformObject(document)))),
    });
    app.get(DOCUMENT_PATH, { schema: { hide: true } }, () => app.swagger());
  },
  { name: 'open-api' },
);

/** The reference page. Its script comes from this server, and the page may load nothing from elsewhere. */
export async function referencePage(app: FastifyInstance): Promise<void> {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')) {
      reply.header('content-security-policy', policyFor(payload));
    }
    return payload;
  });
  await app.register(scalar, {
    routePrefix: DOCS_PATH,
    configuration: {
      url: DOCUMENT_PATH,
      pageTitle: 'Auto Top-up: HTTP API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}

const TAGS = [
  { name: 'Accounts', description: 'Customers of the platform and their two balances.' },
  { name: 'Usage', description: 'What was used, reported by the platform.' },
  { name: 'Auto top-up', description: 'When to tell the customer, when to top up, and for how much.' },
  { name: 'Purchases', description: 'Buying by hand, saving a card, and the billing profile.' },
  { name: 'History', description: 'Purchases, ledger entries and notifications, and a stream of changes.' },
  {
    name: 'Operators',
    description: 'For people who look after failed and stuck charges; every act is audited.',
  },
  { name: 'Webhooks', description: 'What Stripe and Postmark report.' },
  { name: 'Webhooks to the platform', description: 'What the platform was told, for operators.' },
  { name: 'Service', description: 'For those who run it.' },
];

const DESCRIPTION = [
  "Keeps customers' prepaid balances from running out: tells them below one threshold, charges their card below",
  'another.',
  '',
  'Numbers are in display units: minutes, credits (at most 3 decimals) and euros (at most 2). Instants are ISO 8601',
  'in UTC. Unknown fields are rejected. Lists answer `{"items": […], "next": cursor or null}`; pass `next` as',
  '`cursor` to go on. Every error is an `application/problem+json` document with a stable `code`.',
].join('\n');

/** Says in each description who may call the route, from what the route itself enforces. */
const describeCallers: SwaggerTransform = (input) => {
  const transformed = jsonSchemaTransform(input);
  const access = input.route.config?.access;
  if (access === undefined) return transformed;
  const callers = `For: ${access.join(', ')}.`;
  const { description } = transformed.schema as { description?: string };
  const text = description === undefined ? callers : `${description}\n\n${callers}`;
  return { ...transformed, schema: { ...transformed.schema, description: text } };
};

/** Each named schema exists once for what is sent and once for what is answered; most need one of them. */
function withoutUnusedSchemas<Document extends object>(document: Document): Document {
  const { paths, components = {} } = document as Described;
  const { schemas = {} } = components;
  const used = new Set<string>();
  const collect = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      collect(schemas[name] ?? {});
    }
  };
  collect(paths ?? {});
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } };
}

/** Names the answers that only a schema describes by their status. */
function withDescriptions<Document extends object>(document: Document): Document {
  const text = JSON.stringify(document, (status: string, value: unknown) => {
    const isUnnamed =
      typeof value === 'object' &&
      value !== null &&
      'description' in value &&
      value.description === 'Default Response';
    return isUnnamed ? { ...value, description: STATUS_CODES[status] ?? status } : value;
  });
  return JSON.parse(text) as Document;
}

/** Adds what the platform is told, which no route of this API describes. */
function withWebhooks<Document extends object>(document: Document): Document {
  return { ...document, webhooks: webhookOperations() };
}

type Described = { paths?: unknown; components?: { schemas?: Record<string, unknown> } };

/** Admits the page's own inline script by its hash, and inline styles because the page makes them. */
function policyFor(html: string): string {
  const hashes = [...html.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
