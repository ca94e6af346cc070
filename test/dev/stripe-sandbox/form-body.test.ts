import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalForm, decodeForm, type FormValue } from '../../../dev/stripe-sandbox/form-body.ts';

const name = fc.stringMatching(/^[a-z_][a-z_0-9]{0,8}$/);
const { value } = fc.letrec<{ value: FormValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ maxLength: 12 }),
    fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
  ),
}));

describe('decodeForm', () => {
  it('gives back whatever was encoded in Stripe’s brackets', () => {
    const hashes = fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(hashes, (hash) => {
        expect(plain(decodeForm(encode(hash)))).toEqual(hash);
      }),
    );
  });

  it('takes any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeForm(text)).toBeTypeOf('object');
      }),
    );
  });

  it('reads lists with and without numbers', () => {
    expect(plain(decodeForm('expand[]=a&expand[]=b'))).toEqual({ expand: ['a', 'b'] });
    expect(plain(decodeForm('expand[0]=a&expand[1]=b'))).toEqual({ expand: ['a', 'b'] });
    expect(plain(decodeForm('items[0][price_data][unit_amount]=5'))).toEqual({
      items: [{ price_data: { unit_amount: '5' } }],
    });
  });

  it('a parameter called __proto__ reaches no prototype', () => {
    decodeForm('__proto__[polluted]=yes');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('canonicalForm', () => {
  it('is one text for one set of parameters in any order', () => {
    expect(canonicalForm(decodeForm('a=1&b[c]=2'))).toBe(canonicalForm(decodeForm('b[c]=2&a=1')));
    expect(canonicalForm(decodeForm('a=1'))).not.toBe(canonicalForm(decodeForm('a=2')));
    expect(canonicalForm(decodeForm('a[]=1&a[]=2'))).not.toBe(canonicalForm(decodeForm('a[]=2&a[]=1')));
  });
});

function encode(hash: Record<string, FormValue>): string {
  const pairs: [string, string][] = [];
  const walk = (path: string, item: FormValue): void => {
    if (typeof item === 'string') pairs.push([path, item]);
    else for (const [key, child] of Object.entries(item)) walk(`${path}[${key}]`, child);
  };
  for (const [key, item] of Object.entries(hash)) walk(key, item);
  return new URLSearchParams(pairs).toString();
}

/** The same without null prototypes, which `toEqual` would tell apart. */
function plain(item: unknown): unknown {
  return JSON.parse(JSON.stringify(item));
}
