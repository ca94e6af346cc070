import { Readable } from 'node:stream';

const HEARTBEAT_MS = 15_000;
/** What one reader may lag behind before it is let go; it connects again and begins with the whole state. */
const MAX_UNREAD_BYTES = 256 * 1024;
const RECONNECT_AFTER_MS = 3_000;

export type EventStream = {
  readonly readable: Readable;
  send(event: string, data: unknown): void;
  /** Says why and ends. */
  end(reason: 'expired' | 'shutdown'): void;
};

/** Makes a stream of server-sent events that ends by itself when the reader's token does.
 *  @param expiresAtMs null for a reader whose credential does not expire.
 *  @param onClose called once, whoever closed it. */
export function openEventStream(expiresAtMs: number | null, onClose: () => void): EventStream {
  const readable = new Readable({ read: () => undefined });
  const push = (text: string) => {
    if (readable.destroyed || readable.readableEnded) return;
    readable.push(text);
    if (readable.readableLength > MAX_UNREAD_BYTES) readable.destroy();
  };
  const heartbeat = setInterval(() => push(': still here\n\n'), HEARTBEAT_MS);
  const expiry =
    expiresAtMs === null
      ? undefined
      : setTimeout(() => end('expired'), Math.max(0, expiresAtMs - Date.now()));
  let ended = false;
  function send(event: string, data: unknown): void {
    if (!ended) push(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  function end(reason: 'expired' | 'shutdown'): void {
    if (ended) return;
    send('end', { reason });
    ended = true;
    if (!readable.destroyed) readable.push(null);
  }
  readable.once('close', () => {
    clearInterval(heartbeat);
    clearTimeout(expiry);
    onClose();
  });
  push(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  return { readable, send, end };
}
