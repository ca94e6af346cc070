import { inDataDir } from './data-dir.ts';
import { localPorts, planLocalStack } from './local-environment.ts';
import type { LocalPlan, LocalPorts } from './local-environment.ts';
import { loadLocalSecrets } from './local-secrets.ts';
import { requireFreePort } from './ports.ts';
import { postgresUrl, startPostgres } from './postgres.ts';
import type { RunningPostgres } from './postgres.ts';
import { probeUrl, runProgram, startProgram } from './program.ts';
import type { Progress } from './progress.ts';
import type { Supervisor } from './supervisor.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from './temporal.ts';
import { ensureWeb } from './web-build.ts';

/** Above what the worker gives its activities to finish. */
const WORKER_GRACE_MS = 40_000;

/** Brings the whole local stack up, in the order in which the parts need each other.
 *  @returns the plan it followed, whose environment reaches every part.
 *  @throws the first part's failure; what was started until then is left to the supervisor. */
export async function startStack(supervisor: Supervisor, progress: Progress): Promise<LocalPlan> {
  const ports = localPorts();
  const secrets = await loadLocalSecrets(inDataDir('secrets.json'));
  const plan = planLocalStack(process.env, secrets, ports, postgresUrl(ports.postgres));
  await requireFreePorts(plan);
  if (plan.starts.postgres) {
    const { note } = await progress.step('PostgreSQL', () => postgresPart(supervisor, ports));
    if (note !== undefined) console.log(note);
  }
  if (plan.starts.temporal) {
    await progress.step('Temporal and its web page', (tell) => temporalPart(supervisor, plan, tell));
  }
  const sandboxes = plan.starts.stripeSandbox ? 'Stripe and Postmark sandboxes' : 'Postmark sandbox';
  await progress.step(sandboxes, () => sandboxPart(supervisor, plan));
  await progress.step('Migrations', () => migrate(supervisor, plan));
  await progress.step('Pages', () => pages(supervisor));
  await progress.step('API, worker and relay', async () => {
    // The worker first: it is not waited for, so both boot at the same time.
    await workerPart(supervisor, plan);
    await apiPart(supervisor, plan);
  });
  return plan;
}

/** All of them before anything is started, so that a port in use costs nothing but one sentence. */
async function requireFreePorts({ ports, starts }: LocalPlan): Promise<void> {
  await requireFreePort(ports.api, 'the API', 'PORT');
  if (starts.postgres) await requireFreePort(ports.postgres, 'PostgreSQL', 'POSTGRES_PORT');
  if (starts.temporal) {
    await requireFreePort(ports.temporal, 'Temporal', 'TEMPORAL_PORT');
    await requireFreePort(ports.temporalUi, "Temporal's web page", 'TEMPORAL_UI_PORT');
  }
  if (starts.stripeSandbox) {
    await requireFreePort(ports.stripeSandbox, 'the Stripe sandbox', 'STRIPE_SANDBOX_PORT');
  }
  await requireFreePort(ports.postmarkSandbox, 'the Postmark sandbox', 'POSTMARK_SANDBOX_PORT');
}

function postgresPart(supervisor: Supervisor, ports: LocalPorts): Promise<RunningPostgres> {
  return supervisor.start('postgres', (log) =>
    startPostgres({
      port: ports.postgres,
      dataDir: inDataDir('postgres'),
      durability: 'full',
      onLog: (line) => log.write(line),
    }),
  );
}

async function temporalPart(
  supervisor: Supervisor,
  { ports, environment }: LocalPlan,
  onProgress: (message: string) => void,
): Promise<void> {
  await supervisor.start('temporal', (log) =>
    startTemporal({
      port: ports.temporal,
      uiPort: ports.temporalUi,
      dbFile: inDataDir('temporal.db'),
      namespace: environment['TEMPORAL_NAMESPACE'] ?? 'default',
      searchAttributes: SEARCH_ATTRIBUTE_TYPES,
      onLog: (line) => log.write(line),
      onProgress,
    }),
  );
}

async function sandboxPart(supervisor: Supervisor, { ports, starts, environment }: LocalPlan): Promise<void> {
  const names = starts.stripeSandbox ? ['stripe', 'postmark'] : ['postmark'];
  await supervisor.start('sandbox', (log, signal) =>
    startProgram({
      name: 'The sandbox',
      args: ['dev/sandbox.ts', ...names],
      env: environment,
      log,
      signal,
      probe: async () => {
        if (starts.stripeSandbox) await probeListening(`http://127.0.0.1:${ports.stripeSandbox}/`);
        await probeListening(`http://127.0.0.1:${ports.postmarkSandbox}/outbox.json`);
      },
    }),
  );
}

async function migrate(supervisor: Supervisor, { environment }: LocalPlan): Promise<void> {
  await supervisor.start('migrate', async (log) => {
    await runProgram({ name: 'The migration', args: ['migrate.ts'], env: environment, log });
    return { stop: () => Promise.resolve() };
  });
}

/** Built when their sources have changed. */
async function pages(supervisor: Supervisor): Promise<void> {
  await supervisor.start('pages', async (log) => {
    await ensureWeb((line) => log.write(line));
    return { stop: () => Promise.resolve() };
  });
}

async function apiPart(supervisor: Supervisor, { ports, environment }: LocalPlan): Promise<void> {
  await supervisor.start('api', (log, signal) =>
    startProgram({
      name: 'The API',
      args: ['api/server.ts'],
      env: environment,
      log,
      signal,
      probe: () => probeUrl(`http://127.0.0.1:${ports.api}/readyz`),
    }),
  );
}

async function workerPart(supervisor: Supervisor, { environment }: LocalPlan): Promise<void> {
  await supervisor.start('worker', (log, signal) =>
    startProgram({
      name: 'The worker',
      args: ['worker.ts'],
      env: environment,
      log,
      signal,
      graceMs: WORKER_GRACE_MS,
    }),
  );
}

/** Any answer will do: it shows that the server is there. */
async function probeListening(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
}
