import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';

/** What the sandbox answers on top of the document, because stripe-node 23.1 speaks a newer version (endive) than it
 *  (dahlia). Named one by one, each with the type that stripe-node gives it. */
const ADDED_IN_ENDIVE: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  dispute: { intended_submission_method: { type: ['string', 'null'] } },
  dispute_evidence_details: { submission_method: { type: 'string' } },
};

/** Objects that the sandbox serves. A reference to any other object may only be an id. */
const SERVED = new Set([
  'balance_transaction',
  'billing_portal.session',
  'charge',
  'checkout.session',
  'credit_note',
  'credit_note_line_item',
  'customer',
  'deleted_customer',
  'deleted_invoice',
  'deleted_invoiceitem',
  'deleted_tax_id',
  'deleted_webhook_endpoint',
  'dispute',
  'error',
  'event',
  'invoice',
  'invoice_payment',
  'invoiceitem',
  'item',
  'line_item',
  'payment_intent',
  'payment_method',
  'price',
  'product',
  'refund',
  'setup_intent',
  'tax_id',
  'tax_rate',
  'webhook_endpoint',
]);

type Schema = { [keyword: string]: unknown };

/** Checks JSON against Stripe's own OpenAPI document, strictly: a field that Stripe does not have is an error. */
export class StripeSchemas {
  readonly #source: Record<string, Schema>;
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(specFile: string) {
    const spec = JSON.parse(readFileSync(specFile, 'utf8')) as {
      components: { schemas: Record<string, Schema> };
    };
    this.#source = spec.components.schemas;
    this.#ajv = new Ajv({ strict: false, allErrors: true, inlineRefs: false });
    this.#ajv.addSchema({ $id: 'stripe', $defs: this.#reachable([...SERVED]) });
  }

  /** What is wrong with the object, in readable lines; empty when it is what Stripe could have sent. */
  problems(value: unknown): string[] {
    if (isObject(value) && value['object'] === 'list' && Array.isArray(value['data'])) {
      return value['data'].flatMap((item: unknown) => this.problems(item));
    }
    const name = nameOf(value);
    if (name === undefined || !SERVED.has(name)) return [`unknown object ${name ?? JSON.stringify(value)}`];
    const validate = this.#validator(name);
    if (validate(value)) return this.#inner(value);
    return relevant(validate.errors ?? []).map(
      (error) => `${name}${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
    );
  }

  /** The document says only "object" about what an event is about: look inside. */
  #inner(value: unknown): string[] {
    if (!isObject(value) || value['object'] !== 'event' || !isObject(value['data'])) return [];
    const about = value['data']['object'];
    return this.problems(about).map((problem) => `${String(value['type'])}: ${problem}`);
  }

  #validator(name: string): ValidateFunction {
    const known = this.#validators.get(name);
    if (known !== undefined) return known;
    const compiled = this.#ajv.compile({ $ref: `stripe#/$defs/${name}` });
    this.#validators.set(name, compiled);
    return compiled;
  }

  #reachable(names: string[]): Record<string, Schema> {
    const found: Record<string, Schema> = {};
    const waiting = [...names];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const source = this.#source[name];
      if (found[name] !== undefined) continue;
      if (source === undefined) throw new Error(`Stripe's document has no schema ${name}`);
      const references: string[] = [];
      const added = ADDED_IN_ENDIVE[name] ?? {};
      const properties = isObject(source['properties']) ? { ...source['properties'], ...added } : undefined;
      found[name] = convert(
        properties === undefined ? source : { ...source, properties },
        references,
        this.#source,
      ) as Schema;
      waiting.push(...references);
    }
    return found;
  }
}

export function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** One keyword after the other: OpenAPI 3.0 to JSON Schema, closed, with references to unserved objects cut off. */
function convert(schema: unknown, references: string[], source: Record<string, Schema>): unknown {
  if (!isObject(schema)) return schema;
  const $ref = schema['$ref'];
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1) ?? '';
    if (isServable(name, source)) references.push(name);
    else return false;
    return { $ref: `#/$defs/${name}` };
  }
  const converted = convertKeywords(schema, references, source);
  return schema['nullable'] === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

function convertKeywords(schema: Schema, references: string[], source: Record<string, Schema>): Schema {
  const to: Schema = {};
  const each = (list: unknown): unknown[] =>
    (list as unknown[]).map((item) => convert(item, references, source));
  if (schema['type'] !== undefined) to['type'] = schema['type'];
  if (schema['enum'] !== undefined) to['enum'] = schema['enum'];
  if (schema['maxLength'] !== undefined) to['maxLength'] = schema['maxLength'];
  if (schema['pattern'] !== undefined) to['pattern'] = schema['pattern'];
  if (schema['required'] !== undefined) to['required'] = schema['required'];
  if (schema['anyOf'] !== undefined) to['anyOf'] = each(schema['anyOf']);
  if (schema['items'] !== undefined) to['items'] = convert(schema['items'], references, source);
  const { properties, additionalProperties } = schema;
  if (isObject(properties)) {
    const entries = Object.entries(properties);
    to['properties'] = Object.fromEntries(
      entries.map(([name, value]) => [name, convert(value, references, source)]),
    );
    to['additionalProperties'] = false;
  }
  if (isObject(additionalProperties))
    to['additionalProperties'] = convert(additionalProperties, references, source);
  return to;
}

/** A part of an object (an address) always; an object of its own (its `object` field has one value) only when served. */
function isServable(name: string, source: Record<string, Schema>): boolean {
  const properties = source[name]?.['properties'];
  const own = isObject(properties) ? properties['object'] : undefined;
  const isOwn = isObject(own) && own['enum'] !== undefined;
  return !isOwn || SERVED.has(name);
}

function nameOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  if (isObject(value['error'])) return 'error';
  const name = value['object'];
  if (typeof name !== 'string') return undefined;
  return value['deleted'] === true ? `deleted_${name}` : name;
}

/** An `anyOf` complains about every branch; the deepest complaint is the one that helps. */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  return errors.filter((error) => depth(error) === deepest && error.keyword !== 'anyOf').slice(0, 5);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
