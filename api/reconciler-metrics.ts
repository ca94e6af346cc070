import { Gauge, type Registry } from 'prom-client';
import type { ReconcilerStanding } from '../db/reconciliations.ts';

/** However many scrape, the database is asked this often at most. */
const KEPT_MS = 5_000;
/** A scrape does not wait longer for the database. */
const TIMEOUT_MS = 1_000;

/** Shows what the reconciler found, at the moment of a scrape. A scrape never fails for it: while the database does
 *  not answer, the gauges keep what they said last. */
export function watchReconciler(registry: Registry, readStanding: () => Promise<ReconcilerStanding>): void {
  const registers = [registry];
  const finished = new Gauge({
    name: 'reconciler_last_finished_timestamp_seconds',
    help: 'When a run of the reconciler was last finished, by scope.',
    labelNames: ['scope'] as const,
    registers,
    collect: () => refresh(),
  });
  const broken = new Gauge({
    name: 'invariant_broken',
    help: '1 for an invariant that the last nightly run found broken, 0 for one that held.',
    labelNames: ['number', 'name'] as const,
    registers,
    collect: () => refresh(),
  });
  const findings = new Gauge({
    name: 'findings_open',
    help: 'Findings that a person has to look at, by kind.',
    labelNames: ['kind'] as const,
    registers,
    collect: () => refresh(),
  });
  const show = (standing: ReconcilerStanding): void => {
    for (const gauge of [finished, broken, findings]) gauge.reset();
    for (const [scope, atMs] of Object.entries(standing.finishedAtMs)) finished.set({ scope }, atMs / 1_000);
    for (const { number, name, holds } of standing.invariants) broken.set({ number, name }, holds ? 0 : 1);
    for (const { kind, count } of standing.openFindings) findings.set({ kind }, count);
  };
  const refresh = keptFor(KEPT_MS, async () => {
    const standing = await inTime(readStanding()).catch(() => null);
    if (standing !== null) show(standing);
  });
}

/** One run at a time, and none again before `ms` have passed. */
function keptFor(ms: number, run: () => Promise<void>): () => Promise<void> {
  let current = Promise.resolve();
  let startedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - startedAt < ms) return current;
    startedAt = performance.now();
    current = run();
    return current;
  };
}

async function inTime<T>(work: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), TIMEOUT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
