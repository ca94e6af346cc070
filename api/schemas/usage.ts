import { hash } from 'node:crypto';
import { z } from 'zod';
import type { UsageEvent } from '../../db/book-usage.ts';
import { fromDisplayUnits, fromSeconds } from '../../domain/quantities.ts';
import { fieldErrors } from '../plugins/errors.ts';
import { accountIdSchema, callerIdSchema, unitsSchema } from './values.ts';

const MAX_EVENTS = 1_000;
const MAX_CALL_SECONDS = 24 * 60 * 60;
const MAX_CREDITS = 1_000_000;

/** How far a clock of the platform may run ahead of ours. */
const MAX_AHEAD_MS = 60 * 60 * 1_000;
/** Before this, the clock that made the event was never set. */
const EARLIEST_MS = Date.UTC(2020, 0, 1);

export const CALL_SOURCES = ['campaign', 'inbound', 'outbound'] as const;
const CHAT_TYPES = ['ai_chat_reply', 'whatsapp_message', 'sms'] as const;

const base = {
  id: callerIdSchema.describe(
    "Unique within the account for ever; the event's identity when it is sent again.",
  ),
  account: accountIdSchema,
  occurredAt: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(z.number().min(EARLIEST_MS, 'before 2020'))
    .describe('When it happened; may arrive late, but not from the future.'),
};

const holdSchema = callerIdSchema
  .optional()
  .describe(
    'The hold that this was started under: it ends, whatever was really used. One that is unknown, expired, ' +
      'released or settled already is no error.',
  );

const callEvent = z.strictObject({
  ...base,
  type: z.literal('call'),
  source: z.enum(CALL_SOURCES).describe('Only `campaign` starts a top-up.'),
  seconds: unitsSchema({ min: 0.001, max: MAX_CALL_SECONDS }),
  hold: holdSchema,
});

const chatEvent = z.strictObject({
  ...base,
  type: z.enum(CHAT_TYPES),
  credits: unitsSchema({ min: 0.001, max: MAX_CREDITS }),
  hold: holdSchema,
});

const usageEventSchema = z.discriminatedUnion('type', [callEvent, chatEvent]);

/** The body of a batch. An event is only described here and parsed on its own, so that one which does not fit
 *  never spoils the rest. */
export const usageBody = z.strictObject({
  events: z
    .array(z.unknown().meta(documented(usageEventSchema)))
    .min(1)
    .max(MAX_EVENTS),
});

export const usageResultSchema = z.object({
  id: z.string().nullable().describe('null when the event has no usable id.'),
  status: z.enum(['accepted', 'duplicate', 'conflict', 'rejected']),
  reason: z
    .enum(['invalid_event', 'unknown_account', 'too_old'])
    .optional()
    .describe(
      'Why it was rejected; correct it and send it again. `too_old`: it happened before what is kept of the ' +
        'account, so it can no longer be told whether it was booked.',
    ),
  detail: z.string().optional(),
});
export const usageResponse = z
  .object({ results: z.array(usageResultSchema) })
  .meta({ id: 'UsageResults', description: 'One result for each event, in the order of the events.' });

export type EventReading =
  | { status: 'parsed'; event: UsageEvent }
  | { status: 'invalid'; id: string | null; detail: string };

/** Parses one event of a batch. */
export function readUsageEvent(raw: unknown, nowMs: number): EventReading {
  const parsed = usageEventSchema.safeParse(raw);
  if (!parsed.success) return { status: 'invalid', id: idOf(raw), detail: describe(parsed.error) };
  const event = parsed.data;
  if (event.occurredAt > nowMs + MAX_AHEAD_MS) {
    return { status: 'invalid', id: event.id, detail: 'occurredAt: lies in the future' };
  }
  const common = { id: event.id, accountId: event.account, occurredAtMs: event.occurredAt };
  const content =
    event.type === 'call'
      ? {
          ...common,
          wallet: 'call_minutes' as const,
          quantity: fromSeconds(event.seconds),
          source: event.source,
          type: event.type,
        }
      : {
          ...common,
          wallet: 'chat_credits' as const,
          quantity: fromDisplayUnits('chat_credits', event.credits),
          source: null,
          type: event.type,
        };
  const { hold } = event;
  const fingerprint = fingerprintOf(content, hold);
  return {
    status: 'parsed',
    event: { ...content, fingerprint, ...(hold === undefined ? {} : { hold }) },
  };
}

/** SHA-256 of what the event says, however it was spelled: two spellings of one instant are the same event. */
function fingerprintOf(content: Omit<UsageEvent, 'fingerprint' | 'hold'>, hold: string | undefined): string {
  const { accountId, id, type, source, quantity, occurredAtMs } = content;
  const canonical = JSON.stringify([accountId, id, type, source, quantity, occurredAtMs, hold ?? null]);
  return hash('sha256', canonical, 'hex');
}

function idOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : null;
  const parsed = callerIdSchema.safeParse(id);
  return parsed.success ? parsed.data : null;
}

function describe(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) =>
      fieldErrors(issue.path, issue.message, issue.code === 'unrecognized_keys' ? issue : {}),
    )
    .map(({ path, detail }) => (path === '' ? detail : `${path}: ${detail}`))
    .join('; ');
}

function documented(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' });
  return jsonSchema;
}
