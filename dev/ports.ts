import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Below what systems take for outgoing connections (Linux: from 32,768), so that nobody takes a port by chance before
 *  it is used, and above the ports that parts of the stack have by default. */
const FREE_PORTS = { from: 20_000, below: 32_768 } as const;

/** A port wanted by a part of the local stack is in use. The message is written for the terminal. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(port: number, part: string, variable: string) {
    super(
      `Port ${port} is in use, so ${part} cannot start: end the program that uses it, or set ${variable} to a free port.`,
    );
  }
}

/** Reads a port from the environment; unset or empty means the default.
 *  @throws when it is not a whole number from 1 to 65535. */
export function portFromEnvironment(variable: string, defaultPort: number): number {
  const text = process.env[variable];
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable} must be a port from 1 to 65535, but it is "${text}".`);
  }
  return port;
}

/** Makes sure that a port of the loopback interface can be listened on.
 *  @throws PortInUseError naming the port, the part that wants it and the variable that moves it. */
export async function requireFreePort(port: number, part: string, variable: string): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new PortInUseError(port, part, variable);
    }
    throw error;
  }
}

/** Finds `count` different ports that are free at this moment on the loopback interface. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: ReturnType<typeof createServer>[] = [];
  try {
    // All are held open together, so that none is given out twice.
    while (held.length < count) {
      const server = createServer();
      const isFree = await listen(server, randomInt(FREE_PORTS.from, FREE_PORTS.below)).then(
        () => true,
        () => false,
      );
      if (isFree) held.push(server);
    }
    return held.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(held.map((server) => close(server)));
  }
}

async function listenOnce(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await close(server);
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve());
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
