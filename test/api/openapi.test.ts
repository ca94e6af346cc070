import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WEBHOOK_TYPES } from '../../domain/webhooks.ts';
import { operationsOf, type OpenApiDocument } from './support/operations.ts';
import { ACME, startTestApi, type TestApi } from './support/test-api.ts';

const ADDRESSES = [
  '/healthz',
  '/metrics',
  '/readyz',
  '/v1/accounts/{id}',
  '/v1/accounts/{id}/auto-top-up/resume',
  '/v1/accounts/{id}/auto-top-up/{wallet}',
  '/v1/accounts/{id}/auto-top-up/{wallet}/preview',
  '/v1/accounts/{id}/balance-history',
  '/v1/accounts/{id}/email-preferences',
  '/v1/accounts/{id}/grants',
  '/v1/accounts/{id}/holds',
  '/v1/accounts/{id}/holds/{hold}',
  '/v1/accounts/{id}/ledger',
  '/v1/accounts/{id}/ledger.csv',
  '/v1/accounts/{id}/notifications',
  '/v1/accounts/{id}/notifications/read-all',
  '/v1/accounts/{id}/notifications/{notification}/read',
  '/v1/accounts/{id}/payment-method',
  '/v1/accounts/{id}/quote',
  '/v1/accounts/{id}/sessions',
  '/v1/accounts/{id}/stream',
  '/v1/accounts/{id}/top-ups',
  '/v1/operator/accounts',
  '/v1/operator/accounts/{id}',
  '/v1/operator/accounts/{id}/adjust',
  '/v1/operator/accounts/{id}/resume',
  '/v1/operator/accounts/{id}/send-test-alert',
  '/v1/operator/accounts/{id}/settings-history',
  '/v1/operator/accounts/{id}/suspend',
  '/v1/operator/accounts/{id}/workflow',
  '/v1/operator/audit',
  '/v1/operator/findings',
  '/v1/operator/findings/{finding}/resolve',
  '/v1/operator/health',
  '/v1/operator/mails',
  '/v1/operator/mails/{mail}/replay',
  '/v1/operator/reconciliations',
  '/v1/operator/session',
  '/v1/operator/sign-in-codes',
  '/v1/operator/top-ups',
  '/v1/operator/top-ups/counts',
  '/v1/operator/top-ups/retry/preview',
  '/v1/operator/top-ups/{id}',
  '/v1/operator/top-ups/{id}/cancel',
  '/v1/operator/top-ups/{id}/refund',
  '/v1/operator/top-ups/{id}/retry',
  '/v1/operator/top-ups/{id}/story',
  '/v1/operator/webhook-deliveries',
  '/v1/operator/webhook-deliveries/{message}/replay',
  '/v1/usage',
  '/webhooks/postmark',
  '/webhooks/stripe',
];

describe('the OpenAPI document', () => {
  let api: TestApi;
  let document: OpenApiDocument;
  beforeAll(async () => {
    api = await startTestApi();
    document = (await api.nobody('GET', '/openapi.json')).body;
  });
  afterAll(() => api.close());

  /** A validator that knows the document's components. */
  function validator(): Ajv2020 {
    const ajv = new Ajv2020({ strict: true, strictSchema: false, allErrors: true, allowUnionTypes: true });
    addFormats.default(ajv);
    // Decimals: 0.07 / 0.01 is not a whole number in binary floating point.
    ajv.opts.multipleOfPrecision = 6;
    return ajv.addSchema({ $id: 'document', ...document });
  }

  test('is of version 3.1 and names every address of the design that there is', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual(ADDRESSES);
  });

  test('names every webhook to the platform with the schema of its body', () => {
    expect(Object.keys(document.webhooks).sort()).toEqual([...WEBHOOK_TYPES].sort());
    const ajv = validator();
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const validate = ajv.compile(absolute(post.requestBody.content['application/json'].schema));
      expect(validate({ type, timestamp: '2026-11-22T13:05:00.000Z', data: {} })).toBe(false);
      expect(validate.errors?.every(({ instancePath }) => instancePath === '/data')).toBe(true);
    }
  });

  test('each operation has a name of its own, a summary, a tag, and says who may call it', () => {
    const operations = operationsOf(document);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(operations.length);
    const tags = document.tags.map(({ name }) => name);
    const incomplete = operations.filter(({ operation }) => {
      const isOpen = operation.security !== undefined;
      const namesCallers = /For: (platform|operator|customer)/.test(operation.description);
      return !operation.summary || !tags.includes(operation.tags[0]) || isOpen === namesCallers;
    });
    expect(incomplete).toEqual([]);
  });

  test('each parameter of a path is declared, and nothing else is', () => {
    for (const { path, operation } of operationsOf(document)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, required: true }));
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const found = declared.map(({ name, required }) => ({ name, required }));
      expect({ path, parameters: found }).toEqual({ path, parameters: inPath });
    }
  });

  test('each operation documents a success and, as problem documents, what can go wrong', () => {
    for (const { path, operation } of operationsOf(document)) {
      const answers = Object.entries(operation.responses);
      expect({ path, succeeds: answers.some(([status]) => status < '300') }).toEqual({
        path,
        succeeds: true,
      });
      const odd = answers.filter(([status, { description, content = {} }]) => {
        const types = Object.keys(content);
        const isProblem = types.includes('application/problem+json');
        // A 204 has no body.
        const expected = status === '204' ? 0 : 1;
        return (
          types.length !== expected ||
          (expected === 1 && isProblem === status < '400') ||
          description === 'Default Response'
        );
      });
      expect({ path, odd }).toEqual({ path, odd: [] });
    }
  });

  test('every schema is JSON Schema 2020-12, and every reference leads somewhere', () => {
    const ajv = validator();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, reference] of references) {
      expect(() => ajv.compile({ $ref: `document${reference}` })).not.toThrow();
    }
    for (const { operation } of operationsOf(document)) {
      const parts = [operation.requestBody, ...Object.values(operation.responses)];
      for (const { schema } of parts.flatMap((part) => Object.values(part?.content ?? {}))) {
        expect(() => ajv.compile(absolute(schema))).not.toThrow();
      }
    }
  });

  test('every example fits its schema', () => {
    const ajv = validator();
    const ofBodies = operationsOf(document).flatMap(({ path, operation }) =>
      Object.values(operation.requestBody?.content ?? {})
        .filter(({ example }) => example !== undefined)
        .map(({ schema, example }) => ({ of: path, schema: absolute(schema), example })),
    );
    const ofSchemas = Object.entries(document.components.schemas).flatMap(([name, { examples = [] }]) =>
      examples.map((example) => ({
        of: name,
        schema: { $ref: `document#/components/schemas/${name}` },
        example,
      })),
    );
    const all = [...ofBodies, ...ofSchemas];
    const wrong = all.flatMap(({ of, schema, example }) =>
      ajv.validate(schema, example) ? [] : [`${of}: ${ajv.errorsText()}`],
    );
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(8);
  });

  test('answers fit the schemas that document them', async () => {
    const ajv = validator();
    const grant = { id: 'g1', wallet: 'call_minutes', units: 30, reason: 'plan minutes' };
    const settings = { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50 };
    const hold = { wallet: 'call_minutes', source: 'campaign', seconds: 600, expiresInSeconds: 900 };
    const purchase = { wallet: 'chat_credits', amount: 10, method: 'checkout' };
    const sms = { id: 's1', account: 'acme', type: 'sms', credits: 5, occurredAt: '2026-11-22T10:00:00Z' };
    const requests = [
      ['PUT', '/v1/accounts/{id}', '/v1/accounts/acme', ACME],
      [
        'PUT',
        '/v1/accounts/{id}/auto-top-up/{wallet}',
        '/v1/accounts/acme/auto-top-up/call_minutes',
        settings,
      ],
      ['PUT', '/v1/accounts/{id}/auto-top-up/{wallet}', '/v1/accounts/acme/auto-top-up/call_minutes', {}],
      ['POST', '/v1/accounts/{id}/grants', '/v1/accounts/acme/grants', grant],
      ['POST', '/v1/accounts/{id}/holds', '/v1/accounts/acme/holds', hold],
      ['POST', '/v1/accounts/{id}/holds', '/v1/accounts/acme/holds', { ...hold, seconds: 14_400 }],
      ['POST', '/v1/usage', '/v1/usage', { events: [sms, {}] }],
      ['POST', '/v1/accounts/{id}/sessions', '/v1/accounts/acme/sessions', undefined],
      ['POST', '/v1/accounts/{id}/top-ups', '/v1/accounts/acme/top-ups', purchase],
      ['POST', '/v1/accounts/{id}/payment-method', '/v1/accounts/acme/payment-method', undefined],
      ['GET', '/v1/accounts/{id}', '/v1/accounts/acme', undefined],
      ['GET', '/v1/accounts/{id}/ledger', '/v1/accounts/acme/ledger', undefined],
      ['GET', '/v1/accounts/{id}/quote', '/v1/accounts/acme/quote?wallet=call_minutes&amount=50', undefined],
      ['GET', '/readyz', '/readyz', undefined],
    ] as const;
    for (const [method, path, url, body] of requests) {
      const answer = await api.platform(method, url, body, { 'idempotency-key': 'k1' });
      const operation = document.paths[path]?.[method.toLowerCase()];
      const content = operation?.responses[String(answer.status)]?.content?.[answer.type];
      const { status, type } = answer;
      const isDocumented = content !== undefined;
      expect({ method, path, status, type, isDocumented }).toMatchObject({ isDocumented: true });
      const fits = ajv.validate(absolute(content?.schema ?? false), answer.body);
      expect({ method, path, errors: fits ? '' : ajv.errorsText() }).toEqual({ method, path, errors: '' });
    }
  });

  test('the reference page shows it, and loads nothing from elsewhere', async () => {
    const redirect = await api.nobody('GET', '/docs');
    expect(redirect.headers['location']).toBe('/docs/');
    const page = await api.nobody('GET', '/docs/');
    expect(page).toMatchObject({ status: 200, type: 'text/html' });
    expect(page.body).toContain('"url": "/openapi.json"');
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'sha256-[^']+'; /);
    const [, script] = /<script src="([^"]+)"/.exec(page.body) ?? [];
    const loaded = await api.nobody('GET', `/docs/${script}`);
    expect(loaded).toMatchObject({ status: 200, type: 'application/javascript' });
  });

  test('every other answer forbids a browser to load anything for it', async () => {
    const { headers } = await api.nobody('GET', '/healthz');
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

/** References inside a part of the document are relative to the document. */
function absolute(schema: object | boolean): object | boolean {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"document#');
  return JSON.parse(text) as object | boolean;
}
