import { z } from 'zod';
import type { SavedSettings } from '../../db/settings-history.ts';
import { toEuros } from '../../domain/money.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import { instant, instantSchema, walletSchema } from './values.ts';

export const savedSettingsSchema = z
  .object({
    wallet: walletSchema,
    version: z.number().int(),
    enabled: z.boolean(),
    alertBelow: z.number(),
    topUpBelow: z.number(),
    amount: z.number().describe('Net euros.'),
    monthlyCap: z.number().nullable(),
    topUpOnRefusal: z.boolean(),
    savedAt: instantSchema,
  })
  .meta({ id: 'SavedSettings' });

export function savedSettingsJson(saved: SavedSettings): z.output<typeof savedSettingsSchema> {
  const { wallet, version, enabled, topUpOnRefusal } = saved;
  return {
    wallet,
    version,
    enabled,
    alertBelow: toDisplayUnits(wallet, saved.alertBelow),
    topUpBelow: toDisplayUnits(wallet, saved.topUpBelow),
    amount: toEuros(saved.amountCents),
    monthlyCap: saved.monthlyCapCents === null ? null : toEuros(saved.monthlyCapCents),
    topUpOnRefusal,
    savedAt: instant(saved.savedAtMs),
  };
}
