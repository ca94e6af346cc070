import { isGrpcServiceError } from '@temporalio/client';
import type { AccountId } from '../domain/ids.ts';
import { createRefusedAccounts } from './refused-accounts.ts';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
/** While nothing gets through, a crossing waits no longer than this for its turn to be the probe. */
const URGENT_PROBE_MS = 500;
/** What can wait may wait longer while Temporal refuses. */
const LONGEST_UNHURRIED_PAUSE_MS = 15_000;
/** A signal takes a few milliseconds; one that takes this long says that Temporal has too much to do. */
const SLOW_MS = 1_000;
/** The status code of gRPC. */
const UNAVAILABLE = 14;

type Tried = { wake: { accountId: AccountId } };
type Sent = Tried & { tookMs: number };
type Failed = Tried & { error: unknown };

/** How much is tried at once, by how Temporal has answered so far. While it is away, single probes. While it
 *  refuses or is slow, what can wait gets half as much room at each sign of it, and pauses that grow; each signal that
 *  arrives in time gives one place back. An account that is refused again and again is no further sign: it slows only
 *  itself.
 *  @param most places that what can wait may have at once. */
export function createPace({ most }: { most: number }) {
  const refused = createRefusedAccounts();
  let faults = 0;
  let databaseFaults = 0;
  let isAway = false;
  let lastProbeMs = Number.NEGATIVE_INFINITY;
  let lastOpenProbeMs = Number.NEGATIVE_INFINITY;
  let room = most;
  let refusals = 0;
  let unhurriedFromMs = 0;

  function slowDown(sent: readonly Sent[], newlyRefused: number, nowMs: number): void {
    const isPressed = newlyRefused > 0 || sent.some(({ tookMs }) => tookMs >= SLOW_MS);
    if (isPressed) room = Math.max(1, Math.floor(room / 2));
    else room = Math.min(most, room + sent.length);
    if (newlyRefused > 0) {
      refusals += 1;
      unhurriedFromMs = nowMs + delayMs(refusals, LONGEST_UNHURRIED_PAUSE_MS);
    } else if (sent.length > 0) {
      refusals = 0;
    }
  }

  return {
    /** Nothing gets through. One account that is refused by itself is in trouble itself, and does not count. */
    get isAway() {
      return isAway;
    },

    get isDatabaseAway() {
      return databaseFaults > 0;
    },

    /** How far probes are apart that may take what can wait while nothing gets through, and tries of the database. */
    get retryDelayMs() {
      return delayMs(Math.max(faults, databaseFaults), LONGEST_RETRY_MS);
    },

    /** Which probe may be made while nothing gets through. Each is one signal. What can wait is slowed and never holds
     *  up what cannot: an urgent one may be tried while others hang, and much sooner after the last.
     *  @returns `open` for an urgent one before one that can wait. */
    probe(underWay: { urgent: number; unhurried: number }, nowMs: number): 'none' | 'urgent' | 'open' {
      const apartMs = Math.min(this.retryDelayMs, URGENT_PROBE_MS);
      if (underWay.urgent > 0 || nowMs < lastProbeMs + apartMs) return 'none';
      const isOpen = underWay.unhurried === 0 && nowMs >= lastOpenProbeMs + this.retryDelayMs;
      return isOpen ? 'open' : 'urgent';
    },

    /** A probe of that kind is under way. */
    probed(kind: 'urgent' | 'open', nowMs: number): void {
      lastProbeMs = nowMs;
      if (kind === 'open') lastOpenProbeMs = nowMs;
    },

    unhurriedRoom: (nowMs: number): number => (nowMs < unhurriedFromMs ? 0 : room),

    /** After how long an account that has failed may be tried again. */
    retryInMs: (accountId: AccountId): number => delayMs(refused.timesInRow(accountId), LONGEST_RETRY_MS),

    /** Who was refused lately, the longest untried first. A probe of any other account says more, and lets that one
     *  through if only these are refused. */
    refusedAccounts: (): AccountId[] => refused.list(),

    /** Takes in what came back together. */
    told({ sent, failed }: { sent: readonly Sent[]; failed: readonly Failed[] }, nowMs: number): void {
      refused.gotThrough(sent.map(({ wake }) => wake.accountId));
      refused.wereRefused(
        failed.map(({ wake }) => wake.accountId),
        nowMs,
      );
      const isNew = ({ wake }: Failed) => refused.timesInRow(wake.accountId) === 1;
      slowDown(sent, failed.filter(isNew).length, nowMs);
      if (sent.length > 0) {
        faults = 0;
        isAway = false;
      } else if (failed.length > 0) {
        const wasAway = isAway;
        isAway = refused.suspects > 1 || failed.some(({ error }) => isUnavailable(error));
        if (isAway && !wasAway) lastOpenProbeMs = nowMs;
        if (isAway) faults += 1;
      }
    },

    /** Without the database there is nothing to send. */
    databaseFailed(): void {
      databaseFaults += 1;
    },

    databaseAnswered(): void {
      databaseFaults = 0;
    },
  };
}

function delayMs(times: number, longestMs: number): number {
  return Math.min(longestMs, FIRST_RETRY_MS * 2 ** times);
}

function isUnavailable(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (!isGrpcServiceError(each)) continue;
    const code: number = each.code;
    if (code === UNAVAILABLE) return true;
  }
  return false;
}
