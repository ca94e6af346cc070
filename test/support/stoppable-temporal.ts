import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../dev/ports.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../../dev/temporal.ts';

/** A Temporal server of one's own that can be away for a while: it comes back at its address with what it had. */
export type StoppableTemporal = {
  readonly address: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and removes its data. */
  remove(): Promise<void>;
};

export async function startStoppableTemporal(): Promise<StoppableTemporal> {
  const folder = await mkdtemp(join(tmpdir(), 'stoppable-temporal-'));
  const [port = 0, uiPort = 0] = await freePorts(2);
  const start = () =>
    startTemporal({
      port,
      uiPort,
      namespace: 'default',
      dbFile: join(folder, 'temporal.db'),
      searchAttributes: SEARCH_ATTRIBUTE_TYPES,
    });
  let running = await start();
  return {
    address: running.address,
    stop: () => running.stop(),
    start: async () => {
      running = await start();
    },
    remove: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
