import { afterEach } from 'vitest';
import type { PostmarkSandbox, PostmarkSandboxOptions } from '../../../dev/postmark-sandbox/server.ts';
import { startPostmarkSandbox } from '../../../dev/postmark-sandbox/server.ts';

export const TOKEN = 'test-token';

/** Returns a starter of sandboxes that are stopped after each test. */
export function sandboxes(): (options?: Partial<PostmarkSandboxOptions>) => Promise<PostmarkSandbox> {
  const running: PostmarkSandbox[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
  });
  return async (options = {}) => {
    const sandbox = await startPostmarkSandbox({ port: 0, serverToken: TOKEN, ...options });
    running.push(sandbox);
    return sandbox;
  };
}

export async function postJson(url: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

export const setSwitches = (sandbox: { url: string }, switches: unknown) =>
  postJson(`${sandbox.url}/sandbox/switches`, switches);

export const sendMail = (sandbox: { url: string }, mail: object = {}) =>
  postJson(
    `${sandbox.url}/email`,
    { From: 'billing@shop.example', To: 'ada@shop.example', Subject: 'Hello', TextBody: 'Hello', ...mail },
    { 'x-postmark-server-token': TOKEN },
  );
