import { describe, expect, it } from 'vitest';
import { customerIn, failure, openInvoice, type Stage } from './steps.ts';

/** VAT by the customer’s place and VAT id. */
export function vatContract(stage: () => Stage): void {
  describe('VAT', () => {
    it('a consumer in another member state pays the rate of that state', async () => {
      const austria = await customerIn(stage().stripe, 'AT', { postal_code: '1010', city: 'Wien' });
      expect(await openInvoice(stage().stripe, austria.id, 1000)).toMatchObject({
        total: 1200,
        total_excluding_tax: 1000,
      });
    });

    it('a business in another member state with a VAT id is reverse charged', async () => {
      const business = await customerIn(stage().stripe, 'AT', { postal_code: '1010', city: 'Wien' });
      const taxId = await stage().stripe.customers.createTaxId(business.id, {
        type: 'eu_vat',
        value: 'ATU12345678',
      });
      const invoice = await openInvoice(stage().stripe, business.id, 1000);
      expect(invoice).toMatchObject({
        total: 1000,
        total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }],
      });
      expect(invoice.customer_tax_ids).toMatchObject([{ type: 'eu_vat', value: 'ATU12345678' }]);
      expect((await stage().stripe.customers.listTaxIds(business.id)).data).toHaveLength(1);
      expect(await stage().stripe.customers.deleteTaxId(business.id, taxId.id)).toMatchObject({
        deleted: true,
      });
    });

    it('a VAT id of no known shape is refused', async () => {
      const attempt = stage().stripe.customers.createTaxId(stage().germany.id, {
        type: 'eu_vat',
        value: 'NOPE',
      });
      expect(await failure(attempt)).toMatchObject({ statusCode: 400, code: 'tax_id_invalid' });
    });

    it('nothing is collected outside the Union', async () => {
      const swiss = await customerIn(stage().stripe, 'CH', { postal_code: '8001', city: 'Zürich' });
      expect(await openInvoice(stage().stripe, swiss.id, 1000)).toMatchObject({ total: 1000 });
    });

    it('a customer says whether tax can be worked out for them', async () => {
      const somewhere = await stage().stripe.customers.create({ name: 'Somewhere', expand: ['tax'] });
      expect(somewhere.tax?.automatic_tax).toBe('unrecognized_location');
      const known = await stage().stripe.customers.retrieve(stage().germany.id, {
        expand: ['tax', 'tax_ids'],
      });
      expect(known).toMatchObject({ tax: { automatic_tax: 'supported' } });
    });
  });
}
