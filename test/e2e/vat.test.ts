import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  chat,
  createExampleAccount,
  saveCard,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

const SOON = { timeoutMs: 60_000, pauseMs: 200 };
const VAT_ID = 'ATU12345678';

type Profile = {
  name: string;
  country: string;
  locale: 'de' | 'en';
  taxId?: string;
  /** Of 10 € net. */
  vat: number;
  /** Net, VAT and total as the mail says them. */
  words: string[];
};

const PROFILES: Profile[] = [
  {
    name: 'at home pays the domestic rate',
    country: 'DE',
    locale: 'de',
    vat: 1.9,
    words: ['Netto: 10,00 €', 'USt. (19 %): 1,90 €', 'Gesamt: 11,90 €'],
  },
  {
    name: 'who is a consumer in another member state pays the rate there',
    country: 'FR',
    locale: 'en',
    vat: 2,
    words: ['Net: €10.00', 'VAT (20%): €2.00', 'Total: €12.00'],
  },
  {
    name: 'who is a business in another member state with a VAT id is reverse charged',
    country: 'AT',
    locale: 'de',
    taxId: VAT_ID,
    vat: 0,
    words: ['Netto: 10,00 €', 'USt.: 0,00 € (Reverse Charge)', 'Gesamt: 10,00 €'],
  },
  {
    name: 'outside the Union pays none',
    country: 'CH',
    locale: 'en',
    vat: 0,
    words: ['Net: €10.00', 'VAT: €0.00 (no VAT charged)', 'Total: €10.00'],
  },
];

describe('VAT follows the billing profile: a customer', { timeout: 120_000 }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  const customerIn = async ({ country, locale, taxId }: Pick<Profile, 'country' | 'locale' | 'taxId'>) => {
    const account = await createExampleAccount(stack, {
      paymentMethod: null,
      profile: { country, locale },
    });
    await saveCard(stack, account, 'pm_card_visa');
    const { stripeCustomerId: customer } = await account.read();
    if (taxId !== undefined) {
      await stack.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: taxId });
    }
    await account.grant('chat_credits', 60);
    await account.enable('chat_credits');
    return { account, customer };
  };
  /** The newest top-up once so many are credited. */
  const topUpAfter = async (account: ExampleAccount, credits: number, count: number) => {
    await account.use([chat(credits)]);
    return eventually(async () => {
      const topUps = await account.list<TopUpItem>('top-ups');
      expect(topUps.map(({ state }) => state)).toEqual(Array<string>(count).fill('credited'));
      return topUps[0] as TopUpItem;
    }, SOON);
  };
  const receiptFor = (account: ExampleAccount, invoiceNumber: string | null) =>
    eventually(async () => {
      const mails = await stack.mails(account.email);
      const receipt = mails.find(
        (mail) => mail.Tag === 'top_up.succeeded' && mail.TextBody.includes(invoiceNumber ?? '-'),
      );
      if (receipt === undefined) throw new Error('no receipt yet');
      return receipt;
    }, SOON);

  it.concurrent.each(PROFILES)('$name', async ({ vat, words, ...profile }) => {
    const { account, customer } = await customerIn(profile);
    const topUp = await topUpAfter(account, 20, 1);
    const total = 10 + vat;
    expect(topUp).toMatchObject({ amount: 10, vat, total });
    const [invoice] = (await stack.stripe.invoices.list({ customer })).data;
    expect(invoice).toMatchObject({
      status: 'paid',
      total_excluding_tax: 1_000,
      total: Math.round(total * 100),
      number: topUp.invoiceNumber,
      customer_address: { country: profile.country },
      customer_tax_ids: profile.taxId === undefined ? [] : [{ type: 'eu_vat', value: profile.taxId }],
    });
    const pdf = await fetch(topUp.invoicePdf ?? '');
    expect(pdf.headers.get('content-type')).toContain('application/pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const receipt = await receiptFor(account, topUp.invoiceNumber);
    for (const text of words) expect(plain(receipt.TextBody)).toContain(text);
    for (const text of words.flatMap((word) => word.split(': '))) {
      expect(plain(receipt.HtmlBody)).toContain(text);
    }
    expect(receipt.TextBody).toContain(topUp.invoicePdf);
  });

  it.concurrent('who moves or names a VAT id changes the VAT of the next top-up only', async () => {
    const { account, customer } = await customerIn({ country: 'DE', locale: 'de' });
    expect(await topUpAfter(account, 20, 1)).toMatchObject({ vat: 1.9, total: 11.9 });
    const address = { line1: 'Ring 1', postal_code: '1010', city: 'Wien', country: 'AT' };
    await stack.stripe.customers.update(customer, { address });
    expect(await topUpAfter(account, 1_300, 2)).toMatchObject({ vat: 2, total: 12 });
    await stack.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: VAT_ID });
    expect(await topUpAfter(account, 1_300, 3)).toMatchObject({ vat: 0, total: 10 });
    const topUps = await account.list<TopUpItem>('top-ups');
    expect(topUps.map(({ vat }) => vat)).toEqual([0, 2, 1.9]);
    const { data } = await stack.stripe.invoices.list({ customer });
    expect(data.map(({ total }) => total)).toEqual([1_000, 1_200, 1_190]);
  });

  it.concurrent('is shown net prices, and told so', async () => {
    const { account } = await customerIn({ country: 'AT', locale: 'de' });
    const path = `/v1/accounts/${account.id}`;
    const net = { amount: 10, units: 1_285, vatExcluded: true };
    const quote = await stack.call('GET', `${path}/quote?wallet=chat_credits&amount=10`);
    expect(quote.body).toMatchObject(net);
    const settings = await stack.call('GET', `${path}/auto-top-up/chat_credits`);
    expect(settings.body).toMatchObject({ amount: 10, quote: net });
  });
});

/** One kind of space, and no markup. */
function plain(text: string): string {
  return text.replaceAll(/&nbsp;|[\u00A0\u202F]/g, ' ').replaceAll(/<!-- -->/g, '');
}
