import { isGrpcServiceError } from '@temporalio/client';
import type { AccountId } from '../domain/ids.ts';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
/** What can wait may wait longer while Temporal refuses. */
const LONGEST_UNHURRIED_PAUSE_MS = 15_000;
/** A signal takes a few milliseconds; one that takes this long says that Temporal has too much to do. */
const SLOW_MS = 1_000;
/** The status code of gRPC. */
const UNAVAILABLE = 14;

type Sent = { tookMs: number };
type Failed = { wake: { accountId: AccountId }; error: unknown };

/** How much is tried at once, by how Temporal has answered so far. While it is away, one probe at a time. While it
 *  refuses or is slow, what can wait gets half as much room at each sign of it, and pauses that grow; each signal that
 *  arrives in time gives one place back.
 *  @param most places that what can wait may have at once. */
export function createPace({ most }: { most: number }) {
  const failing = new Set<AccountId>();
  let faults = 0;
  let databaseFaults = 0;
  let isAway = false;
  let room = most;
  let refusals = 0;
  let unhurriedFromMs = 0;

  return {
    /** Nothing gets through. One account that is refused by itself is in trouble itself, and does not count. */
    get isAway() {
      return isAway || databaseFaults > 0;
    },

    get retryDelayMs() {
      return delayMs(Math.max(faults, databaseFaults), LONGEST_RETRY_MS);
    },

    unhurriedRoom: (nowMs: number): number => (nowMs < unhurriedFromMs ? 0 : room),

    /** Takes in what came back together.
     *  @returns after how long what has failed may be tried again. */
    told({ sent, failed }: { sent: readonly Sent[]; failed: readonly Failed[] }, nowMs: number): number {
      const isPressed = failed.length > 0 || sent.some(({ tookMs }) => tookMs >= SLOW_MS);
      if (isPressed) room = Math.max(1, Math.floor(room / 2));
      else room = Math.min(most, room + sent.length);
      if (failed.length > 0) {
        refusals += 1;
        unhurriedFromMs = nowMs + delayMs(refusals, LONGEST_UNHURRIED_PAUSE_MS);
      } else if (sent.length > 0) {
        refusals = 0;
      }
      if (sent.length > 0) {
        failing.clear();
        faults = 0;
        isAway = false;
        return LONGEST_RETRY_MS;
      }
      if (failed.length === 0) return 0;
      for (const { wake } of failed) failing.add(wake.accountId);
      faults += 1;
      isAway = failing.size > 1 || failed.some(({ error }) => isUnavailable(error));
      return delayMs(faults, LONGEST_RETRY_MS);
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
