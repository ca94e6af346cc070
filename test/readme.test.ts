import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from './support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

/** The commands of the README that call the API, each with its body on the line below. */
async function curlCommands(): Promise<string[]> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  return [...readme.matchAll(/^ {4}(curl .+(?:\n {6}\{.+)?)$/gm)].map(([, command = '']) => command);
}

it('the README reports usage with commands that work as they are copied', async () => {
  const commands = await curlCommands();
  expect(commands.length).toBeGreaterThanOrEqual(5);
  const answers: { status: string; body: unknown }[] = [];
  for (const command of commands) {
    const { stdout } = await execa('bash', ['-c', `${command} --silent --write-out '\\n%{http_code}'`], {
      env: { API: stack.apiUrl, KEY: stack.platformKey },
    });
    const [body = '', status = ''] = stdout.split(/\n(?=\d{3}$)/);
    answers.push({ status, body: JSON.parse(body) as unknown });
  }
  expect(answers.map(({ status }) => status)).toEqual(['201', '201', '200', '200', '200']);
  expect(answers[3]?.body).toEqual({ results: [{ id: 'call_1', status: 'accepted' }] });
  expect(answers[4]?.body).toMatchObject({ id: 'acc_1', wallets: { call_minutes: { balance: 28.416 } } });
});
