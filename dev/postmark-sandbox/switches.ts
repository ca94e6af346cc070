import { z } from 'zod';

const MAX_COUNT = 100_000;

/** A fault for the next matching requests: whether the mail is accepted, and how the request is answered. */
const FaultSchema = z.strictObject({
  on: z.enum(['send', 'search']).default('send'),
  /** Accept the mail before answering wrongly: the response is lost, the mail is not. */
  accepted: z.boolean().default(false),
  answer: z.enum(['status', 'reset', 'stall', 'html']),
  status: z.int().min(400).max(599).default(500),
  /** Postmark's own code; by default what goes with the status. */
  errorCode: z.int().optional(),
  message: z.string().optional(),
  retryAfterSeconds: z.int().min(0).optional(),
  delayMs: z.int().min(0).default(0),
  count: z.int().min(1).max(MAX_COUNT).default(1),
  /** Only mails to this address; any without it. */
  to: z.string().optional(),
});

/** What may be changed; what is not named stays as it is. `faults` replaces the list. */
export const SwitchesSchema = z.strictObject({
  faults: z.array(FaultSchema).optional(),
  /** Added to every send, before it is answered. */
  delayMs: z.int().min(0).optional(),
  /** How long an accepted mail stays invisible to the message search. */
  searchLagMs: z.int().min(0).optional(),
  /** Each webhook is queued this many times, and this late. */
  webhookCopies: z.int().min(0).max(10).optional(),
  webhookDelayMs: z.int().min(0).optional(),
});

export type Fault = z.output<typeof FaultSchema>;
type SwitchesChange = z.output<typeof SwitchesSchema>;
export type Switches = { [Name in keyof SwitchesChange]-?: NonNullable<SwitchesChange[Name]> };

export type SwitchBoard = {
  read(): Switches;
  change(change: SwitchesChange): Switches;
  reset(): Switches;
  /** Uses up one count of the first fault that fits. */
  take(on: Fault['on'], recipients: readonly string[]): Fault | null;
};

/** Holds the faults that are switched on; in memory, so a restart switches all of them off. */
export function createSwitchBoard(initial: Partial<Switches>): SwitchBoard {
  const untouched: Switches = {
    faults: [],
    delayMs: 0,
    searchLagMs: 0,
    webhookCopies: 1,
    webhookDelayMs: 0,
    ...initial,
  };
  let switches = untouched;
  return {
    read: () => switches,
    change(change) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      switches = { ...switches, ...given };
      return switches;
    },
    reset() {
      switches = untouched;
      return switches;
    },
    take(on, recipients) {
      const index = switches.faults.findIndex((fault) => fault.on === on && fits(fault, recipients));
      const taken = switches.faults[index];
      if (taken === undefined) return null;
      const left = { ...taken, count: taken.count - 1 };
      switches = {
        ...switches,
        faults: switches.faults.toSpliced(index, 1, ...(left.count > 0 ? [left] : [])),
      };
      return taken;
    },
  };
}

function fits(fault: Fault, recipients: readonly string[]): boolean {
  const to = fault.to?.toLowerCase();
  return to === undefined || recipients.some((recipient) => recipient.toLowerCase() === to);
}
