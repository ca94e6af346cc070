import { invalidRequest } from './errors.ts';
import { INCLUDABLE } from './includable.ts';
import type { Scope } from './scope.ts';

const MAX_DEPTH = 4;

type Json = Record<string, unknown>;

/** The object with every path of `expand[]` filled in: ids replaced by their objects, and fields that Stripe leaves
 *  out unless asked for (such as an invoice's `payments`) added.
 *  @throws ApiError 400 for what cannot be expanded. */
export function expandAll(scope: Scope, body: object, paths: readonly string[]): object {
  const copy = structuredClone(body) as Json;
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > MAX_DEPTH + (segments[0] === 'data' ? 1 : 0)) {
      throw invalidRequest(`You cannot expand more than 4 levels of a property. Property: ${path}`, {
        param: 'expand',
      });
    }
    expand(scope, copy, segments, path);
  }
  return copy;
}

function expand(scope: Scope, target: Json, [name, ...rest]: string[], path: string): void {
  if (name === undefined) return;
  if (target['object'] === 'list' && name !== 'data') throw cannotExpand(path, `data.${path}`);
  const before = target[name] ?? include(scope, target, name);
  if (before === undefined) throw cannotExpand(path);
  const value = typeof before === 'string' ? (scope.store.any(before) ?? before) : before;
  target[name] = value;
  if (typeof value === 'string' && rest.length === 0) throw cannotExpand(path);
  for (const child of Array.isArray(value) ? value : [value]) {
    if (isObject(child)) expand(scope, child, rest, path);
  }
}

/** A null field that could hold an object expands to null; a field that the object does not have is refused. */
function include(scope: Scope, target: Json, name: string): unknown {
  const given = INCLUDABLE[`${String(target['object'])}.${name}`]?.(scope, target);
  if (given !== undefined) return given;
  return name in target ? null : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function cannotExpand(path: string, instead?: string): Error {
  const hint = instead === undefined ? '' : ` You may want to try expanding '${instead}' instead.`;
  return invalidRequest(`This property cannot be expanded (${path}).${hint}`, { param: 'expand' });
}
