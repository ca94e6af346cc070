import { expect, test } from 'vitest';
import { createParser, type ServerEvent } from '../../web/shared/api/event-parser.ts';

const STREAM = [
  'retry: 3000\n\n',
  ': still here\n\n',
  'event: account\ndata: {"balance":1}\n\n',
  'event: notification\r\ndata: {"a":\r\ndata: 2}\r\n\r\n',
  'data: no name\n\n',
  'event: account\ndata: not ended',
].join('');

const EVENTS: readonly ServerEvent[] = [
  { event: 'account', data: '{"balance":1}' },
  { event: 'notification', data: '{"a":\n2}' },
  { event: 'message', data: 'no name' },
];

test.each([1, 2, 3, 7, 16, STREAM.length])('events are read whole from pieces of %i characters', (size) => {
  const heard: ServerEvent[] = [];
  const read = createParser((event) => heard.push(event));
  for (let at = 0; at < STREAM.length; at += size) read(STREAM.slice(at, at + size));
  expect(heard).toEqual(EVENTS);
});
