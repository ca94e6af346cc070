import type { Activities } from '../../activities/create-activities.ts';
import type {
  AccountSnapshot,
  BlockReason,
  ChargeOutcome,
  OpenTopUp,
  UsageSlice,
  WalletSnapshot,
} from '../../domain/account-state.ts';
import type { NoticeRequest } from '../../domain/commands.ts';
import { accountId, type AccountId } from '../../domain/ids.ts';
import { cents, NO_CENTS } from '../../domain/money.ts';
import { POLICY, type Policy } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { fromWholeUnits, NO_QUANTITY, quantity, type Quantity } from '../../domain/quantities.ts';
import type { Settings } from '../../domain/settings.ts';
import type { UsageSignal } from '../../domain/wakes.ts';
import { forEachWallet, WALLETS, type Wallet } from '../../domain/wallet.ts';

const FAR_AWAY_MS = Date.UTC(2100, 0, 1);

/** The world of one account as its workflow sees it through activities: a ledger in memory that cuts slices as
 *  the relay does, and a provider that answers what the test has scripted. */
export class ScriptedAccount {
  readonly accountId: AccountId;
  readonly calls: { activity: keyof Activities; input: unknown }[] = [];
  readonly notices: NoticeRequest[] = [];
  policy: Policy = POLICY;
  outcomes: ChargeOutcome[] = [];
  blockedBy: BlockReason | null = null;
  settings: Record<Wallet, Settings | null> = forEachWallet(() => null);
  private version = 0;
  private readonly balances: Record<Wallet, Quantity> = forEachWallet(() => NO_QUANTITY);
  private readonly seqs: Record<Wallet, number> = forEachWallet(() => 0);
  private readonly cut: Record<Wallet, number> = forEachWallet(() => 0);
  private readonly open: Record<Wallet, OpenTopUp | null> = forEachWallet(() => null);
  private onEntry: (wallet: Wallet) => void = () => undefined;

  constructor(name: string) {
    this.accountId = accountId(`${name}-${crypto.randomUUID()}`);
  }

  /** Books units and returns the signal that the relay would send for them. */
  book(wallet: Wallet, units: number, source: 'campaign' | 'inbound' = 'inbound'): UsageSignal {
    const balance = quantity(this.balances[wallet] + fromWholeUnits(wallet, units));
    this.balances[wallet] = balance;
    this.seqs[wallet] += 1;
    const slice: UsageSlice = {
      fromSeq: this.cut[wallet],
      seq: this.seqs[wallet],
      balance,
      used: fromWholeUnits(wallet, Math.max(0, -units)),
      lowest: balance,
      highest: balance,
      campaignLowest: source === 'campaign' ? balance : null,
      refusedRequired: null,
    };
    this.cut[wallet] = this.seqs[wallet];
    return { version: this.nextVersion(), wallets: { [wallet]: slice } };
  }

  nextVersion(): number {
    this.version += 1;
    return this.version;
  }

  /** Called after the service itself has booked a credit, as the relay would be. */
  whenCredited(listener: (wallet: Wallet) => void): void {
    this.onEntry = listener;
  }

  sliceOfCredit(wallet: Wallet): UsageSignal {
    const balance = this.balances[wallet];
    const fromSeq = this.cut[wallet];
    this.cut[wallet] = this.seqs[wallet];
    return {
      version: this.nextVersion(),
      wallets: {
        [wallet]: {
          fromSeq,
          seq: this.seqs[wallet],
          balance,
          used: NO_QUANTITY,
          lowest: balance,
          highest: balance,
          campaignLowest: null,
          refusedRequired: null,
        },
      },
    };
  }

  count(activity: keyof Activities): number {
    return this.calls.filter((call) => call.activity === activity).length;
  }

  /** Names of the activities, in the order in which they were called. */
  get story(): string[] {
    return this.calls.map((call) => call.activity);
  }

  get activities(): Activities {
    const heard = <Input, Output>(activity: keyof Activities, answer: (input: Input) => Output) => {
      return async (input: Input): Promise<Output> => {
        this.calls.push({ activity, input });
        return answer(input);
      };
    };
    return {
      readAccount: heard('readAccount', () => ({ snapshot: this.snapshot(), policy: this.policy })),
      syncCustomer: heard('syncCustomer', () => ({
        customerId: 'cus_1',
        blockedBy: this.blockedBy,
        suspensionLifted: false,
      })),
      chargeTopUp: heard('chargeTopUp', ({ order, attempt }) => {
        const outcome = this.outcomes.shift() ?? { status: 'paid' as const };
        this.open[order.wallet] = {
          order,
          state: 'charging',
          attempt,
          declines: 0,
          failure: null,
          nextAttemptAtMs: null,
        };
        return outcome;
      }),
      creditTopUp: heard('creditTopUp', ({ topUpId }) => {
        const wallet = WALLETS.find((candidate) => this.open[candidate]?.order.topUpId === topUpId);
        const open = wallet === undefined ? null : this.open[wallet];
        if (wallet === undefined || open === null) throw new Error(`unknown top-up ${topUpId}`);
        this.open[wallet] = null;
        this.balances[wallet] = quantity(this.balances[wallet] + open.order.quantity);
        this.seqs[wallet] += 1;
        this.onEntry(wallet);
        return { seq: this.seqs[wallet], balance: this.balances[wallet] };
      }),
      lookUpTopUp: heard('lookUpTopUp', () => ({ status: 'open' as const, processing: false })),
      closeTopUp: heard('closeTopUp', ({ topUpId }) => {
        for (const wallet of WALLETS) {
          if (this.open[wallet]?.order.topUpId === topUpId) this.open[wallet] = null;
        }
        return { status: 'closed' as const };
      }),
      deferTopUp: heard('deferTopUp', ({ topUpId, state, nextAttemptAtMs }) => {
        for (const wallet of WALLETS) {
          const open = this.open[wallet];
          if (open?.order.topUpId === topUpId) this.open[wallet] = { ...open, state, nextAttemptAtMs };
        }
      }),
      reverseTopUp: heard('reverseTopUp', () => ({
        refundIds: [],
        suspendedSinceMs: null,
        resumedSinceMs: null,
      })),
      notifyCustomer: heard('notifyCustomer', ({ request }) => {
        this.notices.push(request);
        return { deliveryId: `delivery-${this.notices.length}` };
      }),
      sendEmail: heard('sendEmail', () => undefined),
      abandonEmail: heard('abandonEmail', () => undefined),
    };
  }

  private snapshot(): AccountSnapshot {
    return {
      accountId: this.accountId,
      plan: 'scale',
      prices: PRICES.scale,
      customerId: 'cus_1',
      suspension: null,
      failuresInRow: 0,
      untold: [],
      wallets: forEachWallet((wallet) => this.walletSnapshot(wallet)),
    };
  }

  private walletSnapshot(wallet: Wallet): WalletSnapshot {
    const balance = this.balances[wallet];
    return {
      fromSeq: this.cut[wallet],
      seq: this.cut[wallet],
      balance,
      used: NO_QUANTITY,
      lowest: balance,
      highest: balance,
      campaignLowest: null,
      refusedRequired: null,
      alertArmed: true,
      depletedArmed: balance > 0,
      settings: this.settings[wallet],
      spentThisMonthCents: NO_CENTS,
      monthEndsAtMs: FAR_AWAY_MS,
      recentTopUpsAtMs: [],
      openTopUp: this.open[wallet],
    };
  }
}

/** The product page's example: alert below 10, top up 50 € below 5 minutes; 100 and 50 credits for 10 €. */
export function exampleSettings(wallet: Wallet): Settings {
  const isCalls = wallet === 'call_minutes';
  return {
    enabled: true,
    alertBelow: fromWholeUnits(wallet, isCalls ? 10 : 100),
    topUpBelow: fromWholeUnits(wallet, isCalls ? 5 : 50),
    amountCents: cents(isCalls ? 50_00 : 10_00),
    monthlyCapCents: null,
    topUpOnRefusal: true,
    version: 1,
    alertVersion: 1,
  };
}
