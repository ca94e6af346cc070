/** SQLSTATE classes and codes that say "not now" rather than "never": connection trouble, a server that starts,
 *  stops or is read-only, exhausted resources, time-outs and lost races for locks
 *  (source: PostgreSQL, appendix "Error Codes"). */
const PASSING_CLASSES = ['08', '53', '57', '58', '40'] as const;
const PASSING_CODES: ReadonlySet<string> = new Set(['25006', '55P03', '3D000', '28000', '28P01']);

/** Codes of postgres.js and of sockets when the server cannot be reached. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'CONNECTION_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

const MAX_CAUSES = 5;

/** Whether an error, or one that caused it, means that the database is away for now and the same request may
 *  succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth += 1) {
    if (meansAway(current)) return true;
    current = current.cause;
  }
  return false;
}

/** Of those, what says that certain rows were not to be had: others may be. Lock and statement time-outs, and lost
 *  races for locks. */
const ROW_CODES: ReadonlySet<string> = new Set(['55P03', '57014', '40001', '40P01']);

/** Whether an error would meet every other transaction as well, whatever it is about. */
export function isDatabaseAwayForAll(error: unknown): boolean {
  const isAboutRows = error instanceof Error && 'code' in error && ROW_CODES.has(String(error.code));
  return !isAboutRows && isDatabaseAway(error);
}

/** Whether a row was not to be had in time, because somebody else kept it locked: nothing was changed. */
export function isRowLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

const LOCK_NOT_AVAILABLE = '55P03';

function meansAway(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.name !== 'PostgresError') return CONNECTION_CODES.has(code);
  return PASSING_CODES.has(code) || PASSING_CLASSES.some((prefix) => code.startsWith(prefix));
}
