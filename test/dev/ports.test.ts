import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { freePorts, portFromEnvironment, PortInUseError, requireFreePort } from '../../dev/ports.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a port in use gives one sentence with the port, the part and the variable that moves it', async () => {
  const [port = 0] = await freePorts(1);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await expect(requireFreePort(port, 'the API', 'PORT')).rejects.toThrow(
      new PortInUseError(port, 'the API', 'PORT'),
    );
    await expect(requireFreePort(port, 'the API', 'PORT')).rejects.toThrow(
      `Port ${port} is in use, so the API cannot start: end the program that uses it, or set PORT to a free port.`,
    );
  } finally {
    server.close();
  }
});

test('a free port is left free', async () => {
  const [port = 0] = await freePorts(1);
  await requireFreePort(port, 'the API', 'PORT');
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(server.address()).toMatchObject({ port });
  server.close();
});

test('free ports asked for together are all different, and none is one that an outgoing connection may get', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  // Where Linux takes the ports of outgoing connections.
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test.each(['', undefined])('an unset port (%j) is the default', (text) => {
  vi.stubEnv('TEMPORAL_PORT', text);
  expect(portFromEnvironment('TEMPORAL_PORT', 7233)).toBe(7233);
});

test.each(['0', '65536', '12.5', 'abc', '-1'])('the port %s is refused by name', (text) => {
  vi.stubEnv('TEMPORAL_PORT', text);
  expect(() => portFromEnvironment('TEMPORAL_PORT', 7233)).toThrow(/TEMPORAL_PORT must be a port/);
});
