import { ApiError, invalidRequest, missingParameter } from './errors.ts';
import type { FormHash, FormValue } from './form-body.ts';

/** Reads parameters by name and type, and remembers which were read: what nobody read is unknown to the
 *  sandbox and refused as Stripe refuses it, so that no parameter is dropped in silence.
 *  An empty string means "unset" and reads as null. */
export class Params {
  readonly #values: FormHash;
  readonly #prefix: string;
  readonly #known = new Set<string>(['expand']);
  readonly #children = new Map<string, Params>();

  constructor(values: FormHash, prefix = '') {
    this.#values = values;
    this.#prefix = prefix;
  }

  /** The raw values, as decoded. */
  get values(): FormHash {
    return this.#values;
  }

  has(name: string): boolean {
    return this.#read(name) !== undefined;
  }

  text(name: string): string | null | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string')
      throw invalidRequest(`Invalid string: ${JSON.stringify(value)}`, this.#at(name));
    return value === '' ? null : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingParameter(this.#name(name));
    if (value !== null) return value;
    const param = this.#name(name);
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`;
    throw invalidRequest(message, { code: 'parameter_invalid_empty', param });
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return undefined;
    if (/^-?\d{1,15}$/.test(value)) return Number(value);
    throw invalidRequest(`Invalid integer: ${value}`, {
      code: 'parameter_invalid_integer',
      ...this.#at(name),
    });
  }

  requiredInteger(name: string): number {
    const value = this.integer(name);
    if (value === undefined) throw missingParameter(this.#name(name));
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return undefined;
    if (value === 'true') return true;
    if (value === 'false') return false;
    throw invalidRequest(`Invalid boolean: ${value}`, this.#at(name));
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | null | undefined {
    const value = this.text(name);
    if (value === undefined || value === null) return value;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw invalidRequest(`Invalid ${this.#name(name)}: must be one of ${choices.join(', ')}`, this.#at(name));
  }

  /** A nested hash; null when it was sent empty to unset it. */
  hash(name: string): Params | null | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (value === '') return null;
    if (typeof value === 'string' || Array.isArray(value))
      throw invalidRequest('Invalid object', this.#at(name));
    return this.#child(value, name);
  }

  list(name: string): string[] | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (value === '') return [];
    if (!Array.isArray(value)) throw invalidRequest('Invalid array', this.#at(name));
    return value.filter((item) => typeof item === 'string');
  }

  hashes(name: string): Params[] | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    if (value === '') return [];
    if (!Array.isArray(value)) throw invalidRequest('Invalid array', this.#at(name));
    return value.map((item, index) => {
      if (typeof item === 'string' || Array.isArray(item))
        throw invalidRequest('Invalid array', this.#at(name));
      return this.#child(item, `${name}[${index}]`, name);
    });
  }

  /** The given metadata merged over `current`: an empty value removes its key, an empty hash all of them. */
  metadata(current: Record<string, string> = {}): Record<string, string> {
    const value = this.#read('metadata');
    if (value === undefined) return current;
    if (value === '') return {};
    if (typeof value === 'string' || Array.isArray(value))
      throw invalidRequest('Invalid object', this.#at('metadata'));
    const merged = { ...current };
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== 'string')
        throw invalidRequest('Metadata values must be strings', this.#at('metadata'));
      if (item === '') delete merged[key];
      else merged[key] = item;
    }
    return merged;
  }

  /** Names that Stripe takes and that change nothing in the sandbox. */
  ignore(...names: string[]): void {
    for (const name of names) this.#known.add(name);
  }

  /** @throws ApiError `parameter_unknown` when a parameter was sent that no one has read. */
  assertAllKnown(): void {
    const unknown = this.#unread();
    const first = unknown[0];
    if (first === undefined) return;
    const message = `Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`;
    throw new ApiError(400, {
      type: 'invalid_request_error',
      code: 'parameter_unknown',
      message,
      param: first,
    });
  }

  #unread(): string[] {
    const own = Object.keys(this.#values).filter((name) => !this.#known.has(name));
    return [
      ...own.map((name) => this.#name(name)),
      ...[...this.#children.values()].flatMap((child) => child.#unread()),
    ];
  }

  #read(name: string): FormValue | undefined {
    this.#known.add(name);
    return this.#values[name];
  }

  #child(values: FormHash, path: string, name = path): Params {
    this.#known.add(name);
    const before = this.#children.get(path);
    if (before !== undefined) return before;
    const nested =
      this.#prefix === '' ? path : `${this.#prefix}[${path.replace('[', '][').replace(/\]$/, '')}]`;
    const child = new Params(values, nested);
    this.#children.set(path, child);
    return child;
  }

  #name(name: string): string {
    return this.#prefix === '' ? name : `${this.#prefix}[${name}]`;
  }

  #at(name: string): { param: string } {
    return { param: this.#name(name) };
  }
}
