import { get, type IncomingMessage } from 'node:http';

export type ServerSentEvent = { event: string; data: unknown };

export type OpenStream = {
  readonly response: IncomingMessage;
  /** What has arrived so far. */
  readonly events: readonly ServerSentEvent[];
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
};

/** Reads server-sent events over a real socket. */
export async function openStream(url: string, credential: string): Promise<OpenStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${credential}` } }, resolve).once('error', reject);
  });
  const events: ServerSentEvent[] = [];
  let unread = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (unread + chunk).split('\n\n');
    unread = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) });
    }
  });
  const ended = new Promise<void>((resolve) => {
    response.once('close', () => resolve());
  });
  return { response, events, ended, close: () => response.destroy() };
}
