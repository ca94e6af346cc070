import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Bounces } from './bounces.ts';
import { SERVER_ID } from './bounces.ts';
import { inTransaction } from './database.ts';
import type { Outbox, StoredMessage } from './outbox.ts';
import { allMailboxes } from './outbox.ts';
import type { PostmarkFault } from './postmark-fault.ts';
import { inactiveRecipients } from './postmark-fault.ts';
import type { Fate } from './recipient-fate.ts';
import { BOUNCE_KINDS, fateOf } from './recipient-fate.ts';
import type { SwitchBoard } from './switches.ts';
import { validateMessage } from './validate-message.ts';
import type { WebhookQueue } from './webhook-queue.ts';

type Receipt = { To: string; SubmittedAt: string; MessageID: string; ErrorCode: 0; Message: string };
export type SubmissionOutcome =
  | { status: 'accepted'; receipt: Receipt }
  | { status: 'refused'; fault: PostmarkFault };

export type Submission = {
  /** Takes one mail as Postmark would. It is on disk, with all that follows from it, before this returns. */
  submit(body: unknown): SubmissionOutcome;
  /** Lets something happen to a mail that was accepted before. */
  happen(message: StoredMessage, email: string, fate: Fate): void;
};

type Stores = {
  database: DatabaseSync;
  outbox: Outbox;
  bounces: Bounces;
  webhooks: WebhookQueue;
  switches: SwitchBoard;
};

export function createSubmission({ database, outbox, bounces, webhooks, switches }: Stores): Submission {
  const announce = (payload: object) => {
    const { webhookCopies, webhookDelayMs } = switches.read();
    for (let copy = 0; copy < webhookCopies; copy += 1) webhooks.add(payload, Date.now() + webhookDelayMs);
  };
  const happen = (message: StoredMessage, email: string, fate: Fate) => {
    const atIso = new Date().toISOString();
    if (fate === 'delivered') {
      outbox.addEvent(message.MessageID, deliveryEvent(email, atIso));
      announce(deliveryPayload(message, email, atIso));
      return;
    }
    const bounce = bounces.add(message, email, fate, atIso);
    outbox.addEvent(message.MessageID, {
      Recipient: email,
      Type: fate === 'SpamComplaint' ? 'SpamComplaint' : 'Bounced',
      ReceivedAt: atIso,
      Details: { Summary: BOUNCE_KINDS[fate].description, BounceID: String(bounce.ID) },
    });
    announce({ ...bounce, Metadata: message.Metadata });
  };
  return {
    happen: (message, email, fate) => {
      inTransaction(database, () => {
        happen(message, email, fate);
      });
    },
    submit(body) {
      const validation = validateMessage(body);
      if (validation.status === 'invalid') return { status: 'refused', fault: validation.fault };
      const addresses = allMailboxes(validation.message).map(({ Email }) => Email);
      const inactive = bounces.inactiveAmong(addresses);
      if (inactive.length === addresses.length) {
        return { status: 'refused', fault: inactiveRecipients(inactive) };
      }
      const message: StoredMessage = {
        ...validation.message,
        MessageID: randomUUID(),
        SubmittedAt: new Date().toISOString(),
        Recipients: addresses.filter((address) => !inactive.includes(address)),
      };
      inTransaction(database, () => {
        outbox.add(message);
        for (const email of message.Recipients) happen(message, email, fateOf(email));
      });
      return { status: 'accepted', receipt: receiptOf(message, inactive) };
    },
  };
}

function receiptOf(message: StoredMessage, inactive: readonly string[]): Receipt {
  return {
    To: message.toLine,
    SubmittedAt: message.SubmittedAt,
    MessageID: message.MessageID,
    ErrorCode: 0,
    Message:
      inactive.length === 0
        ? 'OK'
        : `Message OK, but will not deliver to these inactive addresses: ${inactive.join(', ')}`,
  };
}

function deliveryEvent(email: string, atIso: string) {
  return {
    Recipient: email,
    Type: 'Delivered',
    ReceivedAt: atIso,
    Details: {
      DeliveryMessage: 'smtp;250 2.0.0 OK',
      DestinationServer: 'sandbox',
      DestinationIP: '127.0.0.1',
    },
  };
}

/** @see https://postmarkapp.com/developer/webhooks/delivery-webhook */
function deliveryPayload(message: StoredMessage, email: string, atIso: string) {
  return {
    RecordType: 'Delivery',
    ServerID: SERVER_ID,
    MessageStream: message.MessageStream,
    MessageID: message.MessageID,
    Recipient: email,
    Tag: message.Tag,
    DeliveredAt: atIso,
    Details: 'smtp;250 2.0.0 OK',
    Metadata: message.Metadata,
  };
}
