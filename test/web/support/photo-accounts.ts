import postgres from 'postgres';
import { eventually } from '../../support/eventually.ts';
import {
  call,
  chat,
  createExampleAccount,
  makeCardBehaveAs,
  saveCard,
  type ExampleAccount,
  type TopUpItem,
} from '../../support/example-account.ts';
import type { Stack } from '../../support/stack.ts';
import { IN_THE_END } from './console.ts';
import { createLivedAccount } from './lived-account.ts';

/** Customers with charges that need a hand, each by what its card does. */
const TROUBLED = [
  {
    id: 'acc_lindner',
    name: 'Praxis Dr. Lindner',
    card: '4000000000009987',
    wallet: 'chat_credits',
    amount: 10,
    hours: 51,
  },
  {
    id: 'acc_brandt',
    name: 'Autohaus Brandt GmbH',
    card: '4000000000009995',
    wallet: 'call_minutes',
    amount: 50,
    hours: 29,
  },
  {
    id: 'acc_bergmann',
    name: 'Bergmann & Söhne Hochbau',
    card: '4000000000000069',
    wallet: 'call_minutes',
    amount: 100,
    hours: 26,
  },
  {
    id: 'acc_rhein',
    name: 'Rhein-Sieg-Wohnungsbaugenossenschaft eG',
    card: '4000000000009995',
    wallet: 'call_minutes',
    amount: 250,
    hours: 7,
  },
  {
    id: 'acc_morgenrot',
    name: 'Café Morgenrot',
    card: '4000000000003220',
    wallet: 'chat_credits',
    amount: 20,
    hours: 4,
  },
  {
    id: 'acc_krueger',
    name: 'Heizung Sanitär Krüger',
    card: '4000000000000341',
    wallet: 'chat_credits',
    amount: 10,
    hours: 2,
  },
] as const;
/** What the account's assistants wrote, each some days after the one before. */
const CHATS = [31, 44, 12, 58, 41];
const DAYS_BETWEEN_CHATS = 5;
/** Whose charge is shown by itself. */
const SHOWN = 'acc_brandt';
const NEEDS_A_HAND = ['failed', 'retrying', 'action_required'];

/** The accounts of the pictures: one that has been used for a month and works by itself, and several whose charges
 *  failed. When it returns the worker has done all it had to, and has been stopped.
 *  @param stack without a worker. */
export async function createPhotoAccounts(
  stack: Stack,
): Promise<{ lived: ExampleAccount; chargeId: string }> {
  // The past is written first: a worker would top up what is still empty.
  const lived = await createLivedAccount(stack, {
    id: 'acc_nordlicht',
    profile: { name: 'Nordlicht Reisen GmbH' },
    isWaiting: false,
  });
  await lived.grant('chat_credits', 500);
  for (const credits of CHATS) await lived.use([chat(credits)]);
  const worker = await stack.startWorker();
  await saveCard(stack, lived, 'pm_card_visa');
  await lived.enable('chat_credits');
  const charges = await Promise.all(TROUBLED.map((customer) => charge(stack, customer)));
  await eventually(async () => {
    const { wallets } = await lived.read();
    for (const wallet of Object.values(wallets)) {
      if (wallet.autoTopUp.state !== 'armed') throw new Error(`${lived.id} is ${wallet.autoTopUp.state}`);
    }
  }, IN_THE_END);
  await untilMailed(stack);
  await worker.stop();
  await makeOlder(stack, lived.id);
  const chargeId = charges.find(({ account }) => account === SHOWN)?.id;
  if (chargeId === undefined) throw new Error(`${SHOWN} has no charge`);
  return { lived, chargeId };
}

async function charge(
  stack: Stack,
  { id, name, card, wallet, amount }: (typeof TROUBLED)[number],
): Promise<{ account: string; id: string }> {
  const account = await createExampleAccount(stack, { id, profile: { name } });
  await makeCardBehaveAs(stack, account, card);
  await account.grant(wallet, wallet === 'chat_credits' ? 60 : 6);
  await account.enable(wallet, { amount });
  await account.use([wallet === 'chat_credits' ? chat(20) : call(120)]);
  const topUp = await eventually(async () => {
    const found = (await account.list<TopUpItem>('top-ups')).find(({ state }) =>
      NEEDS_A_HAND.includes(state),
    );
    if (found === undefined) throw new Error(`${id} has no charge that needs a hand`);
    return found;
  }, IN_THE_END);
  return { account: id, id: topUp.id };
}

/** Every mail has been handed over. */
async function untilMailed(stack: Stack): Promise<void> {
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await eventually(async () => {
      const rows = await owner`select from deliveries where status in ('pending', 'sending')`;
      if (rows.length > 0) throw new Error(`${rows.length} mails have not been sent`);
    }, IN_THE_END);
  } finally {
    await owner.end();
  }
}

/** Charges that need a hand have done so for hours, and chats were weeks ago; only the owner of the tables can write that. */
async function makeOlder(stack: Stack, livedId: string): Promise<void> {
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await owner.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`
        update ledger_entries set
          created_at = created_at - make_interval(days => ((7 - seq) * ${DAYS_BETWEEN_CHATS})::int),
          occurred_at = occurred_at - make_interval(days => ((7 - seq) * ${DAYS_BETWEEN_CHATS})::int)
        where account_id = ${livedId} and wallet = 'chat_credits'`;
      for (const { id, hours } of TROUBLED) {
        const by = `${hours} hours`;
        await sql`update top_ups set created_at = created_at - ${by}::interval where account_id = ${id}`;
        await sql`update charge_attempts set started_at = started_at - ${by}::interval where account_id = ${id}`;
        await sql`update notifications set created_at = created_at - ${by}::interval where account_id = ${id}`;
      }
    });
  } finally {
    await owner.end();
  }
}
