import { z } from 'zod';
import { newId } from './ids.ts';

/** Faults at the door: they befall any API request. */
const DOOR = [
  'rate_limit',
  'conflict',
  'delay',
  'lost_request',
  'error_before',
  'error_after',
  'lost_response',
  'truncated_body',
  'no_error_body',
] as const;
/** Faults inside: what a payment, a void or a tax calculation comes to. */
const INSIDE = ['decline', 'requires_action', 'processing', 'void_fails', 'tax_off', 'refund_fails'] as const;
/** Faults of webhooks; `path` is then an event type. */
const WEBHOOK = [
  'webhooks_off',
  'webhook_duplicate',
  'webhook_late',
  'webhook_reorder',
  'webhook_bad_signature',
  'webhook_old_signature',
] as const;

export const switchSchema = z.strictObject({
  kind: z.enum([...DOOR, ...INSIDE, ...WEBHOOK]),
  /** How often it strikes; without it, until it is removed. */
  count: z.int().positive().optional(),
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** The last segment of the path (`pay`), a path with `*` for any segment, or an event type (`invoice.*`). */
  path: z.string().min(1).optional(),
  customer: z.string().optional(),
  /** Lets the first so many matching ones pass before it strikes. */
  skip: z.int().nonnegative().default(0),
  /** Decline code of `decline`. */
  code: z.string().default('generic_decline'),
  /** The network's advice with `decline`; that of the code unless given. */
  advice: z.enum(['try_again_later', 'do_not_try_again', 'confirm_card_data']).optional(),
  /** Status of `error_before`, `error_after` (500) and `no_error_body` (502). */
  status: z.int().min(400).max(599).optional(),
  ms: z.int().nonnegative().default(200),
  /** Whether `delay` and `no_error_body` come before or after the effect. */
  when: z.enum(['before', 'after']).default('before'),
  /** Whether the idempotency key remembers the result of `error_before`. */
  stored: z.boolean().default(true),
  /** Extra copies of `webhook_duplicate`. */
  times: z.int().positive().default(1),
});

export type SwitchRequest = z.output<typeof switchSchema>;
export type SwitchKind = SwitchRequest['kind'];
export interface Switch extends SwitchRequest {
  id: string;
  /** How often it will still strike; null for ever. */
  remaining: number | null;
  struck: number;
}

/** What a fault is limited by. */
export interface Occasion {
  method?: string | undefined;
  path: string;
  customer?: string | undefined;
  /** Set where a fault can come before or after the effect. */
  when?: 'before' | 'after';
}

/** Faults set by a test or a person, in memory: a restarted sandbox is a healthy one. */
export class Switches {
  #all: Switch[] = [];

  list(): readonly Switch[] {
    return this.#all;
  }

  add(request: SwitchRequest): Switch {
    const added: Switch = { ...request, id: newId('switch', 8), remaining: request.count ?? null, struck: 0 };
    this.#all.push(added);
    return added;
  }

  remove(id: string): boolean {
    const before = this.#all.length;
    this.#all = this.#all.filter((one) => one.id !== id);
    return this.#all.length < before;
  }

  clear(): void {
    this.#all = [];
  }

  /** The oldest switch of this kind that fits the occasion, used up by one; undefined when there is none.
   *  `remaining` on the result is what it was before this strike. */
  take(kind: SwitchKind, occasion: Occasion): Switch | undefined {
    for (const one of this.#all) {
      if (one.kind !== kind || one.remaining === 0 || !fits(one, occasion)) continue;
      if (one.skip > 0) {
        one.skip -= 1;
        continue;
      }
      const struck = { ...one };
      one.struck += 1;
      if (one.remaining !== null) one.remaining -= 1;
      return struck;
    }
    return undefined;
  }
}

function fits(one: Switch, occasion: Occasion): boolean {
  if (one.method !== undefined && occasion.method !== undefined && one.method !== occasion.method)
    return false;
  if (occasion.when !== undefined && one.when !== occasion.when) return false;
  if (one.customer !== undefined && one.customer !== occasion.customer) return false;
  return one.path === undefined || pathFits(one.path, occasion.path);
}

function pathFits(pattern: string, path: string): boolean {
  if (path === pattern || path.split('/').at(-1) === pattern) return true;
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]+');
  return new RegExp(`^${escaped}$`).test(path);
}
