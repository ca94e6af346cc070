import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answerWrongly } from './fault-answers.ts';
import type { MessageFilter, Outbox, StoredMessage } from './outbox.ts';
import type { PostmarkFault } from './postmark-fault.ts';
import { fault as postmarkFault, sendFault } from './postmark-fault.ts';
import type { SwitchBoard } from './switches.ts';

const METADATA_PREFIX = 'metadata_';
const MAX_COUNT = 500;
const MAX_WINDOW = 10_000;

type Context = { outbox: Outbox; switches: SwitchBoard };

/** Search and details of sent mails. @see https://postmarkapp.com/developer/api/messages-api */
export function messageRoutes(app: FastifyInstance, { outbox, switches }: Context): void {
  const visible = (filter: MessageFilter) => outbox.search(filter, Date.now() - switches.read().searchLagMs);

  app.get('/messages/outbound', async (request, reply) => {
    const fault = switches.take('search', []);
    if (fault !== null) {
      await sleep(fault.delayMs);
      return answerWrongly(reply, fault);
    }
    const query = readQuery(request.query);
    if (query.status === 'invalid') return sendFault(reply, query.fault);
    const found = visible(query.filter);
    return {
      TotalCount: found.length,
      Messages: found.slice(query.offset, query.offset + query.count).map(summaryOf),
    };
  });

  app.get<{ Params: { id: string } }>('/messages/outbound/:id/details', async (request, reply) => {
    const message = outbox.find(request.params.id);
    const visibleFromMs =
      message === null ? null : Date.parse(message.SubmittedAt) + switches.read().searchLagMs;
    if (message === null || visibleFromMs === null || visibleFromMs > Date.now()) {
      return sendFault(reply, postmarkFault(422, 701, 'This message does not exist.'));
    }
    return {
      ...summaryOf(message),
      TextBody: message.TextBody,
      HtmlBody: message.HtmlBody,
      Body: sourceOf(message),
      MessageEvents: outbox.events(message.MessageID),
    };
  });
}

/** Reads `metadata_<key>=value` filters. */
export function metadataFilter(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([name]) => name.startsWith(METADATA_PREFIX))
      .map(([name, value]) => [name.slice(METADATA_PREFIX.length), String(value)]),
  );
}

type ReadQuery =
  | { status: 'valid'; filter: MessageFilter; count: number; offset: number }
  | { status: 'invalid'; fault: PostmarkFault };

const Page = z.object({
  count: z.coerce.number().int().min(1).max(MAX_COUNT),
  offset: z.coerce.number().int().min(0),
  recipient: z.string().optional(),
  tag: z.string().optional(),
  fromemail: z.string().optional(),
  subject: z.string().optional(),
});

function readQuery(query: unknown): ReadQuery {
  const named = query as Record<string, unknown>;
  const lowerCased = Object.fromEntries(
    Object.entries(named).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const page = Page.safeParse(lowerCased);
  if (!page.success || page.data.count + page.data.offset > MAX_WINDOW) {
    return { status: 'invalid', fault: postmarkFault(422, 300, 'Invalid count or offset.') };
  }
  const metadata = metadataFilter(named);
  // Postmark searches by one field of metadata at a time.
  if (Object.keys(metadata).length > 1) {
    return { status: 'invalid', fault: postmarkFault(422, 300, 'Search by one metadata field at a time.') };
  }
  const { count, offset, recipient, tag, fromemail, subject } = page.data;
  return {
    status: 'valid',
    filter: { recipient, tag, fromEmail: fromemail, subject, metadata },
    count,
    offset,
  };
}

function summaryOf(message: StoredMessage) {
  const { MessageID, Tag, To, Cc, Bcc, Recipients, From, Subject, Metadata, MessageStream } = message;
  return {
    MessageID,
    Tag,
    To,
    Cc,
    Bcc,
    Recipients,
    ReceivedAt: message.SubmittedAt,
    From,
    Subject,
    Attachments: [],
    Status: 'Sent',
    TrackOpens: message.TrackOpens,
    TrackLinks: message.TrackLinks,
    Metadata,
    MessageStream,
    Sandboxed: true,
  };
}

function sourceOf(message: StoredMessage): string {
  return [
    `From: ${message.From}`,
    `To: ${message.toLine}`,
    `Subject: ${message.Subject}`,
    `Message-ID: <${message.MessageID}@sandbox>`,
    ...message.Headers.map(({ Name, Value }) => `${Name}: ${Value}`),
    '',
    message.TextBody,
  ].join('\r\n');
}
