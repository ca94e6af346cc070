import { Models, ServerClient } from 'postmark';
import { MailerAmbiguousError } from '../mailer-errors.ts';
import type { Mailer, OutgoingEmail } from '../ports.ts';
import type { Exchange } from './postmark-faults.ts';
import { rejectionOf, searchFaultOf } from './postmark-faults.ts';

const TIMEOUT_MS = 10_000;
const DELIVERY_ID_KEY = 'delivery_id';
const MAX_FOUND = 20;

/** Errors of a connection that was never made, so no byte of the mail left this machine. */
const CONNECT_ERRORS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export type PostmarkMailerOptions = {
  serverToken: string;
  /** The sender, an address with a confirmed signature: `Name <billing@example.com>`. */
  from: string;
  /** `https://api.postmarkapp.com`, or where the sandbox listens. */
  apiBase: string;
  messageStream?: string;
  timeoutMs?: number;
};

/** Sends by Postmark, which has no idempotency keys: each mail carries its delivery's id (≤ 80 characters) as
 *  metadata, by which `find` sees whether an unanswered send was accepted. */
export function createPostmarkMailer(options: PostmarkMailerOptions): Mailer {
  return {
    async send(email) {
      const exchange: Exchange = { retryAfterMs: null, neverConnected: false };
      const message = messageOf(email, options);
      let receipt: unknown;
      try {
        receipt = await clientFor(options, exchange).sendEmail(message);
      } catch (error) {
        return rejectionOf(error, exchange);
      }
      return { status: 'sent', messageId: messageIdOf(receipt) };
    },
    async find(deliveryId) {
      const exchange: Exchange = { retryAfterMs: null, neverConnected: false };
      const query = { [`metadata_${DELIVERY_ID_KEY}`]: deliveryId, count: MAX_FOUND, offset: 0 };
      try {
        const page: unknown = await clientFor(options, exchange).getOutboundMessages(query);
        return findMessage(page, deliveryId);
      } catch (error) {
        throw searchFaultOf(error, exchange);
      }
    },
  };
}

function messageOf(email: OutgoingEmail, { from, messageStream }: PostmarkMailerOptions): Models.Message {
  return {
    From: from,
    To: email.to,
    Subject: email.subject,
    HtmlBody: email.html,
    TextBody: email.text,
    Tag: email.tag,
    MessageStream: messageStream ?? 'outbound',
    Metadata: { ...email.metadata, [DELIVERY_ID_KEY]: email.deliveryId },
    TrackOpens: false,
    TrackLinks: Models.LinkTrackingOptions.None,
  };
}

/** One client for one exchange: the client drops headers and causes of errors, so its fetch notes them. */
function clientFor(
  { serverToken, apiBase, timeoutMs }: PostmarkMailerOptions,
  exchange: Exchange,
): ServerClient {
  const base = new URL(apiBase);
  return new ServerClient(serverToken, {
    requestHost: `${base.host}${base.pathname.replace(/\/$/, '')}`,
    useHttps: base.protocol === 'https:',
    async fetch(input, init) {
      try {
        const response = await fetch(input, {
          ...init,
          signal: AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS),
        });
        exchange.retryAfterMs = retryAfterMs(response.headers.get('retry-after'));
        return response;
      } catch (error) {
        exchange.neverConnected = CONNECT_ERRORS.has(causeCode(error));
        throw error;
      }
    },
  });
}

/** @throws MailerAmbiguousError for a 2xx answer that is not Postmark's receipt, such as a proxy's page. */
function messageIdOf(receipt: unknown): string {
  if (typeof receipt === 'object' && receipt !== null && 'MessageID' in receipt && 'ErrorCode' in receipt) {
    const { MessageID, ErrorCode } = receipt;
    if (ErrorCode === 0 && typeof MessageID === 'string' && MessageID !== '') return MessageID;
  }
  throw new MailerAmbiguousError('Postmark answered without a MessageID');
}

/** Matches the metadata again: a search that ignored its filter must not pass for a find.
 *  @throws Error when the answer is no list of messages. */
function findMessage(page: unknown, deliveryId: string): { messageId: string } | null {
  if (typeof page !== 'object' || page === null || !('Messages' in page) || !Array.isArray(page.Messages)) {
    throw new Error('the answer is no list of messages');
  }
  const messages = page.Messages as Partial<Models.OutboundMessage>[];
  const found = messages.find((message) => message.Metadata?.[DELIVERY_ID_KEY] === deliveryId);
  return found?.MessageID === undefined ? null : { messageId: found.MessageID };
}

function retryAfterMs(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

function causeCode(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}
