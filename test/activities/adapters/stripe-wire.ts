import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SeenRequest = { method: string; path: string; key: string | null; body: string };

/** Answers one request in the sandbox's stead, or spoils it. */
export type Script = (request: IncomingMessage, response: ServerResponse) => void;

export type Wire = {
  readonly url: string;
  /** Every request that arrived, oldest first. */
  readonly seen: SeenRequest[];
  /** The next request whose path matches is left to the script instead of being passed on. */
  script(path: RegExp, script: Script): void;
  /** The next request whose path matches is passed on, and its answer is left to the script. */
  loseAnswer(path: RegExp, script: Script): void;
  close(): Promise<void>;
};

/** A line between the adapter and the sandbox on which every byte can be seen and any answer can be spoilt. */
export async function startWire(target?: string): Promise<Wire> {
  const seen: SeenRequest[] = [];
  const scripts: { path: RegExp; script: Script; passOn: boolean }[] = [];
  const server = createServer((request, response) => {
    // What the sandbox breaks off breaks off here too.
    handle(request, response).catch(() => request.socket.resetAndDestroy());
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    const key = request.headers['idempotency-key'];
    seen.push({ method: request.method ?? '', path, key: typeof key === 'string' ? key : null, body });
    const found = scripts.findIndex((one) => one.path.test(path));
    const [scripted] = found < 0 ? [] : scripts.splice(found, 1);
    if (scripted === undefined || scripted.passOn) {
      const answer = await passOn(target, request, body);
      if (scripted === undefined) return reply(answer, response);
    }
    scripted.script(request, response);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    script: (path, script) => scripts.push({ path, script, passOn: false }),
    loseAnswer: (path, script) => scripts.push({ path, script, passOn: true }),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** Closes the connection without an answer. */
export const reset: Script = (request) => {
  request.socket.resetAndDestroy();
};

/** Answers with a status, a body and headers. */
export function answering(status: number, body: string, headers: Record<string, string> = {}): Script {
  return (_request, response) => {
    response.writeHead(status, { 'request-id': 'req_scripted', ...headers });
    response.end(body);
  };
}

/** Answers 200 and the beginning of a body that is promised to be longer, then leaves the connection. */
export const truncated: Script = (request, response) => {
  response.writeHead(200, { 'request-id': 'req_scripted', 'content-length': 1_000 });
  response.write('{"object":"invoice","status":"pa', () => request.socket.destroy());
};

/** Answers 200 and keeps sending a body that never ends, so that the connection is never idle. */
export const dripping: Script = (_request, response) => {
  response.writeHead(200, { 'request-id': 'req_scripted' });
  const drip = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(drip));
};

/** Takes the request and says nothing. */
export const silent: Script = () => undefined;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function passOn(target: string | undefined, request: IncomingMessage, body: string): Promise<Response> {
  if (target === undefined) throw new Error(`nobody answers ${request.method} ${request.url}`);
  const { authorization, 'content-type': type, 'idempotency-key': key } = request.headers;
  const headers = new Headers({ authorization: authorization ?? '', 'content-type': type ?? '' });
  if (typeof key === 'string') headers.set('idempotency-key', key);
  headers.set('stripe-version', String(request.headers['stripe-version']));
  const method = request.method ?? 'GET';
  return fetch(`${target}${request.url}`, { method, headers, ...(method === 'GET' ? {} : { body }) });
}

async function reply(answer: Response, response: ServerResponse): Promise<void> {
  const headers = Object.fromEntries(
    [...answer.headers].filter(([name]) => !['transfer-encoding', 'connection', 'keep-alive'].includes(name)),
  );
  const text = await answer.text();
  response.writeHead(answer.status, headers);
  response.end(text);
}
