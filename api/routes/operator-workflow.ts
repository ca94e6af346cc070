import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AccountState } from '../../domain/account-state.ts';
import {
  compareWorkflow,
  isOnTheWay,
  type DatabaseFacts,
  type Difference,
} from '../../domain/compare-workflow.ts';
import { describeAccount } from '../../domain/story.ts';
import { toDisplayUnits, type Quantity } from '../../domain/quantities.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems } from '../schemas/problem.ts';
import { accountPath, walletSchema } from '../schemas/values.ts';

const value = z.union([z.string(), z.number()]).nullable();

const standingSchema = z
  .object({
    status: z
      .enum(['answered', 'absent', 'unreachable', 'unreadable'])
      .describe(
        '`absent`: no workflow runs; the next wake starts it. `unreachable`: Temporal or every worker is away. ' +
          '`unreadable`: it answered, and PAYLOAD_KEYS of the API do not open what it said.',
      ),
    told: z.number().int().nullable().describe('The last wake that the workflow has heard.'),
    version: z.number().int().describe('The last wake that there is.'),
    newsOnTheWay: z.boolean().describe('A difference is then no fault: the workflow is about to hear of it.'),
    summary: z.string().nullable().describe('In Markdown, as the workflow shows it in the web UI.'),
    facts: z
      .array(
        z.object({
          what: z.enum(['entry', 'balance', 'settings', 'top_up', 'suspension']),
          wallet: walletSchema.nullable(),
          workflow: value.describe('As the workflow remembers it.'),
          database: value,
        }),
      )
      .describe('What both know, side by side; empty unless the workflow answered.'),
    differences: z.array(
      z.object({
        what: z.enum(['entry', 'balance', 'settings', 'top_up', 'top_up_state', 'suspension']),
        wallet: walletSchema.nullable(),
        workflow: value,
        database: value,
      }),
    ),
  })
  .meta({ id: 'WorkflowStanding' });

type Deps = Pick<ApiDeps, 'accounts' | 'desk' | 'workflows'>;

/** What the account's workflow believes, beside what the database knows. */
export const operatorWorkflowRoutes: FastifyPluginAsyncZod<Deps> = async (app, deps) => {
  const { accounts, desk, workflows } = deps;
  app.get('/operator/accounts/:id/workflow', {
    config: { access: ['operator'] },
    schema: {
      operationId: 'getAccountWorkflow',
      tags: ['Operators'],
      summary: "Where the account's workflow differs from the database",
      description: 'Answers within seconds, also while Temporal is away.',
      params: accountPath,
      response: { 200: standingSchema, ...problems('account_unknown') },
    },
    handler: async (request) => {
      const { id } = request.params;
      // What was on its way before the workflow answered, or is by now, it may not have heard.
      const before = await desk.tellingOf(id);
      const reading = await workflows.read(id);
      const [overview, now] = await Promise.all([accounts.overview(id), desk.tellingOf(id)]);
      if (overview === null) throw new Problem('account_unknown');
      const version = now?.version ?? 0;
      const told = reading.status === 'answered' ? reading.state.version : null;
      const facts = { suspension: overview.account.suspension, wallets: overview.wallets };
      const found = reading.status === 'answered' ? compareWorkflow(reading.state, facts) : [];
      const isToBeHeard = (difference: Difference) =>
        [before, now].some((telling) => telling !== null && isOnTheWay(difference, told ?? 0, telling));
      return {
        status: reading.status,
        told,
        version,
        newsOnTheWay:
          found.length > 0
            ? found.every(isToBeHeard)
            : now?.dirty === true || (told !== null && told < version),
        summary: reading.status === 'answered' ? describeAccount(reading.state) : null,
        facts: reading.status === 'answered' ? differencesJson(factsOf(reading.state, facts)) : [],
        differences: differencesJson(found),
      };
    },
  });
};

/** What the workflow and the database say, whether or not it is the same. */
function factsOf(state: AccountState, { suspension, wallets }: DatabaseFacts): Fact[] {
  const ofWallets = WALLETS.flatMap((wallet): Fact[] => {
    const [watched, stored] = [state.wallets[wallet], wallets[wallet]];
    const row = (what: Fact['what'], workflow: Fact['workflow'], database: Fact['database']): Fact => ({
      what,
      wallet,
      workflow,
      database,
    });
    return [
      row('balance', watched.balance, stored.balance),
      row('entry', watched.seq, stored.seq),
      row('settings', watched.settings?.version ?? null, stored.settings?.version ?? null),
      row('top_up', watched.topUp?.order.topUpId ?? null, stored.openTopUp?.order.topUpId ?? null),
    ];
  });
  const paused: Fact = {
    what: 'suspension',
    wallet: null,
    workflow: state.suspension?.reason ?? null,
    database: suspension?.reason ?? null,
  };
  return [...ofWallets, paused];
}

type Fact = Omit<Difference, 'what'> & { what: Exclude<Difference['what'], 'top_up_state'> };

function differencesJson<Known extends Pick<Difference, 'what' | 'wallet' | 'workflow' | 'database'>>(
  differences: readonly Known[],
) {
  return differences.map((difference) => ({
    ...difference,
    workflow: displayed(difference, difference.workflow),
    database: displayed(difference, difference.database),
  }));
}

/** Balances in display units, like everywhere on the wire. */
function displayed(
  { what, wallet }: Pick<Difference, 'what' | 'wallet'>,
  stored: Difference['workflow'],
): Difference['workflow'] {
  if (what !== 'balance' || typeof stored !== 'number') return stored;
  return toDisplayUnits(wallet as Wallet, stored as Quantity);
}
