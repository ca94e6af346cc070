import { randomBytes } from 'node:crypto';
import type { Policy } from '../../domain/policy.ts';
import type { BenchContext } from '../bench.ts';
import { startProviders, type Providers } from './providers.ts';
import { startApi, startWorker, type ApiProcess } from './service.ts';

/** The whole service as in production, against the sandboxes: API, worker and providers, each a process. */
export type Stack = {
  readonly databaseUrl: string;
  readonly providers: Providers;
  readonly api: ApiProcess;
};

/** Starts it on a database of its own.
 *  @param through what stands between the service and its database, given its address (bench/top-ups.ts). */
export async function startStack(
  context: BenchContext,
  atEnd: (cleanUp: () => unknown) => void,
  {
    policy = {},
    through = (url) => Promise.resolve(url),
  }: { policy?: Partial<Policy>; through?: (databaseUrl: string) => Promise<string> } = {},
): Promise<Stack> {
  const database = await context.createDatabase();
  atEnd(() => database.drop());
  const providers = await startProviders();
  atEnd(() => providers.stop());
  const options = {
    databaseUrl: await through(database.url),
    stripeUrl: providers.stripeUrl,
    postmarkUrl: providers.postmarkUrl,
    taskQueue: `bench-${randomBytes(6).toString('hex')}`,
    environment: { POLICY: JSON.stringify(policy) },
  };
  const api = await startApi(context, options);
  atEnd(() => api.stop());
  const worker = await startWorker(context, options);
  atEnd(() => worker.stop());
  await providers.sendWebhooksTo(api.url, api.webhookSecret);
  return { databaseUrl: database.url, providers, api };
}
