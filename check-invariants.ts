import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { createStripeRecords } from './activities/adapters/stripe-records.ts';
import { findUnmatchedPayments } from './activities/find-unmatched-payments.ts';
import { ConfigError, loadConfig, policyOf, type Config } from './config.ts';
import { connect, type Database } from './db/connect.ts';
import { checkInvariants, type InvariantResult } from './db/invariants.ts';
import { createReconciliations } from './db/reconciliations.ts';

/** How far back the provider is asked, unless told. */
const PROVIDER_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** What a shell sees: kept apart, so that "could not look" is never taken for "all is well". */
const EXIT = { allHold: 0, broken: 1, notChecked: 2 } as const;

/** Of the list of invariants, those that no look at data can judge. */
const JUDGED_BY_TESTS = [
  { number: 9, name: 'confluence', judgedBy: 'tests' },
  { number: 11, name: 'replay', judgedBy: 'tests' },
  { number: 12, name: 'isolation', judgedBy: 'tests' },
] as const;

type Judged = InvariantResult & { judgedBy: 'database' | 'provider' };
type Report = {
  checkedAt: string;
  holds: boolean;
  invariants: (Judged | (typeof JUDGED_BY_TESTS)[number])[];
};

/** Judges every invariant that data can judge; with a Stripe key also what Stripe says about the payments. Changes
 *  nothing. */
async function check(config: Config<'check'>, days: number): Promise<Report> {
  const log = pino({ level: 'silent' });
  const db = connect(config.DATABASE_URL, { max: 2, applicationName: 'auto-top-up-check', log });
  try {
    const policy = policyOf(config);
    const ofDatabase = (await checkInvariants(db, policy)).map(
      (result): Judged => ({ ...result, judgedBy: 'database' }),
    );
    const judged = [...ofDatabase, ...(await checkProvider(config, db, days))];
    const invariants = [...judged, ...JUDGED_BY_TESTS].sort((a, b) => a.number - b.number);
    return { checkedAt: new Date().toISOString(), holds: judged.every(({ holds }) => holds), invariants };
  } finally {
    await db.end();
  }
}

async function checkProvider(config: Config<'check'>, db: Database, days: number): Promise<Judged[]> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase } = config;
  if (secretKey === undefined) return [];
  const policy = policyOf(config);
  const nowMs = Date.now();
  const sides = {
    records: createStripeRecords({ secretKey, apiBase }),
    reconciliations: createReconciliations(db, policy),
  };
  const violations = await findUnmatchedPayments(sides, {
    sinceMs: nowMs - days * DAY_MS,
    nowMs,
    patienceMs: policy.forgottenAfterMs,
  });
  const name = `bijection of payments and credits, Stripe’s side of the last ${days} days`;
  return [{ number: 3, name, holds: violations.length === 0, violations, judgedBy: 'provider' }];
}

/** @throws ConfigError */
function daysOf(text: string | undefined): number {
  const days = Number(text ?? PROVIDER_DAYS);
  if (Number.isInteger(days) && days >= 1 && days <= 3_650) return days;
  throw new ConfigError('--days has to be a whole number from 1 to 3650.');
}

try {
  const { values } = parseArgs({ options: { days: { type: 'string' }, json: { type: 'boolean' } } });
  const report = await check(loadConfig('check'), daysOf(values.days));
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.holds ? EXIT.allHold : EXIT.broken;
} catch (error) {
  const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
  console.error(error instanceof ConfigError ? reason : `The invariants could not be checked: ${reason}`);
  process.exitCode = EXIT.notChecked;
}
