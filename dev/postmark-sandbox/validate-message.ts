import { z } from 'zod';
import type { PostmarkFault } from './postmark-fault.ts';
import { invalidEmail } from './postmark-fault.ts';

const MAX_RECIPIENTS = 50;
const MAX_SUBJECT_CHARACTERS = 2_000;
const MAX_TAG_CHARACTERS = 1_000;
const MAX_METADATA_FIELDS = 10;
const MAX_METADATA_KEY_CHARACTERS = 20;
const MAX_METADATA_VALUE_CHARACTERS = 80;

export type Mailbox = { Email: string; Name: string };

/** A message that Postmark would take, its address lines parsed. */
export type ValidMessage = {
  From: string;
  To: Mailbox[];
  Cc: Mailbox[];
  Bcc: Mailbox[];
  toLine: string;
  Subject: string;
  TextBody: string;
  HtmlBody: string;
  Tag: string;
  Metadata: Record<string, string>;
  Headers: { Name: string; Value: string }[];
  MessageStream: string;
  TrackOpens: boolean;
  TrackLinks: string;
};

export type Validation =
  | { status: 'valid'; message: ValidMessage }
  | { status: 'invalid'; fault: PostmarkFault };

/** Applies Postmark's own rules to one message of POST /email or /email/batch.
 *  @see https://postmarkapp.com/developer/api/email-api */
export function validateMessage(body: unknown): Validation {
  const parsed = MessageBody.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue === undefined ? 'body' : issue.path.join('.');
    return invalid(`Invalid value for '${field}': ${issue?.message ?? 'unreadable'}.`);
  }
  const { data } = parsed;
  const from = parseMailboxes(data.From);
  if (from.length !== 1 || from[0] === null) return invalid(`Invalid 'From' address: '${data.From}'.`);
  const To = parseMailboxes(data.To);
  const Cc = parseMailboxes(data.Cc);
  const Bcc = parseMailboxes(data.Bcc);
  if (!allParsed(To)) return invalid(`Invalid 'To' address: '${data.To}'.`);
  if (!allParsed(Cc)) return invalid(`Invalid 'Cc' address: '${data.Cc}'.`);
  if (!allParsed(Bcc)) return invalid(`Invalid 'Bcc' address: '${data.Bcc}'.`);
  const recipients = To.length + Cc.length + Bcc.length;
  if (recipients === 0) return invalid('Zero recipients specified');
  if (recipients > MAX_RECIPIENTS) return invalid(`Too many recipients: at most ${MAX_RECIPIENTS}.`);
  if (data.TextBody === '' && data.HtmlBody === '') {
    return invalid('Provide either email TextBody or HtmlBody or both.');
  }
  const refusal = refuseMetadata(data.Metadata);
  if (refusal !== null) return invalid(refusal);
  return { status: 'valid', message: { ...data, To, Cc, Bcc, toLine: data.To } };
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const MessageBody = z.object({
  From: text,
  To: text,
  Cc: text,
  Bcc: text,
  Subject: text.refine((subject) => subject.length <= MAX_SUBJECT_CHARACTERS, 'is too long'),
  TextBody: text,
  HtmlBody: text,
  Tag: text.refine((tag) => tag.length <= MAX_TAG_CHARACTERS, 'is too long'),
  Metadata: z
    .record(z.string(), z.union([z.string(), z.number()]).transform(String))
    .nullish()
    .transform((metadata) => metadata ?? {}),
  Headers: z
    .array(z.object({ Name: z.string(), Value: z.string() }))
    .nullish()
    .transform((headers) => headers ?? []),
  MessageStream: z
    .string()
    .nullish()
    .transform((stream) => stream ?? 'outbound'),
  TrackOpens: z
    .boolean()
    .nullish()
    .transform((track) => track ?? false),
  TrackLinks: z
    .enum(['None', 'HtmlAndText', 'HtmlOnly', 'TextOnly'])
    .nullish()
    .transform((track) => track ?? 'None'),
});

const invalid = (message: string): Validation => ({ status: 'invalid', fault: invalidEmail(message) });

const allParsed = (mailboxes: (Mailbox | null)[]): mailboxes is Mailbox[] => !mailboxes.includes(null);

/** Splits at commas outside quotes; null stands for a part that is no address. */
function parseMailboxes(line: string): (Mailbox | null)[] {
  return line
    .split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseMailbox);
}

function parseMailbox(part: string): Mailbox | null {
  const named = /^(?<name>.*?)\s*<(?<address>[^<>]*)>$/.exec(part);
  const address = (named?.groups?.['address'] ?? part).trim();
  const name = (named?.groups?.['name'] ?? '').replaceAll('"', '').trim();
  return /^[^\s@<>,"]+@[^\s@<>,".]+(?:\.[^\s@<>,".]+)+$/.test(address)
    ? { Email: address, Name: name }
    : null;
}

function refuseMetadata(metadata: Record<string, string>): string | null {
  const keys = Object.keys(metadata);
  if (keys.length > MAX_METADATA_FIELDS) return `Metadata has more than ${MAX_METADATA_FIELDS} fields.`;
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) return 'Metadata has duplicate keys.';
  const longKey = keys.find((key) => key.length > MAX_METADATA_KEY_CHARACTERS);
  if (longKey !== undefined)
    return `Metadata key '${longKey}' is longer than ${MAX_METADATA_KEY_CHARACTERS}.`;
  const longValue = keys.find((key) => (metadata[key] ?? '').length > MAX_METADATA_VALUE_CHARACTERS);
  if (longValue !== undefined) {
    return `Metadata value of '${longValue}' is longer than ${MAX_METADATA_VALUE_CHARACTERS}.`;
  }
  return null;
}
