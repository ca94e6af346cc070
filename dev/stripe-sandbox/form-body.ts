/** A decoded parameter: text, a list or a nested hash. Stripe's wire knows no numbers and no booleans. */
export type FormValue = string | FormValue[] | FormHash;
export interface FormHash {
  [name: string]: FormValue;
}

/** Decodes `a[b][0][c]=d&expand[]=x` as Stripe does. Numeric keys in a row become a list.
 *  Used for request bodies and query strings alike. */
export function decodeForm(encoded: string): FormHash {
  const root: Node = new Map();
  for (const [key, value] of new URLSearchParams(encoded)) insert(root, segmentsOf(key), value);
  return hashOf(root);
}

/** One text for one set of parameters, whatever their order: what an idempotency key is bound to. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalForm).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalForm(value[name] ?? '')}`).join(',')}}`;
}

// Maps instead of objects while decoding, so that a parameter called __proto__ is only a parameter.
type Node = Map<string, Node | string>;

function segmentsOf(key: string): string[] {
  const open = key.indexOf('[');
  if (open <= 0 || !key.endsWith(']')) return [key];
  return [key.slice(0, open), ...key.slice(open + 1, -1).split('][')];
}

function insert(root: Node, segments: string[], value: string): void {
  let node = root;
  segments.forEach((segment, depth) => {
    const name = segment === '' ? String(node.size) : segment;
    if (depth === segments.length - 1) {
      node.set(name, value);
      return;
    }
    const next = node.get(name);
    const child: Node = next instanceof Map ? next : new Map();
    node.set(name, child);
    node = child;
  });
}

function hashOf(node: Node): FormHash {
  const hash: FormHash = Object.create(null) as FormHash;
  for (const [name, child] of node) hash[name] = valueOf(child);
  return hash;
}

function valueOf(child: Node | string): FormValue {
  if (typeof child === 'string') return child;
  const isList = child.size > 0 && [...child.keys()].every((name) => /^\d+$/.test(name));
  if (!isList) return hashOf(child);
  const inOrder = [...child].sort(([left], [right]) => Number(left) - Number(right));
  return inOrder.map(([, item]) => valueOf(item));
}
