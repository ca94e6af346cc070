import { writeToDatabase } from './load/database.ts';
import { sendAtPace, sendOverHttp } from './load/http.ts';
import type { Answered, LoadJob, LoadResult } from './load/jobs.ts';
import { percentile } from './statistics.ts';

/** A process of its own that makes load: so its processor time is told apart from that of what it loads. Takes one
 *  job after the other from its parent and ends with it. */
process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on('disconnect', () => process.exit());

async function run(job: LoadJob): Promise<LoadResult> {
  const before = process.cpuUsage();
  const { latenciesMs, ...answered } = await perform(job);
  const { user, system } = process.cpuUsage(before);
  const at = (percent: number) => (latenciesMs.length === 0 ? Number.NaN : percentile(latenciesMs, percent));
  return {
    ...answered,
    latencyMs: { p50: at(50), p95: at(95), p99: at(99) },
    cpuSeconds: (user + system) / 1_000_000,
  };
}

function perform(job: LoadJob): Promise<Answered> {
  switch (job.kind) {
    case 'http':
      return sendOverHttp(job);
    case 'paced':
      return sendAtPace(job);
    case 'statement':
    case 'ledger':
      return writeToDatabase(job);
  }
}
