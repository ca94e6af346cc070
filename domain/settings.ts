import type { Cents } from './money.ts';
import { quote, type Price } from './prices.ts';
import { NO_QUANTITY, toDisplayUnits, type Quantity } from './quantities.ts';
import type { Wallet } from './wallet.ts';

/** What the customer chose for one wallet. `enabled` switches alert and top-up together. */
export type SettingsChoice = {
  enabled: boolean;
  alertBelow: Quantity;
  topUpBelow: Quantity;
  amountCents: Cents;
  monthlyCapCents: Cents | null;
  /** Calls only: a refused campaign hold may start a top-up. */
  topUpOnRefusal: boolean;
};

/** A saved choice. `version` rises with each save; `alertVersion` is the version at which the alert value or
 *  the switch last changed, which is what re-arms the alert. */
export type Settings = SettingsChoice & { version: number; alertVersion: number };

export type SettingsWarning = {
  code:
    | 'alert_not_above_top_up'
    | 'amount_below_threshold'
    | 'cap_below_amount'
    | 'threshold_below_usual_hold';
  field: 'alertBelow' | 'topUpBelow' | 'amount' | 'monthlyCap';
  detail: string;
};

/** What a choice is judged by. */
export type SettingsFacts = {
  prices: Readonly<Record<Wallet, Price>>;
  /** What a campaign's call usually reserves; null when nobody can say. */
  usualHold: Quantity | null;
};

/** Combinations that are allowed and probably not meant. */
export function settingsWarnings(
  wallet: Wallet,
  choice: SettingsChoice,
  { prices, usualHold }: SettingsFacts,
): SettingsWarning[] {
  const warnings: SettingsWarning[] = [];
  if (choice.alertBelow <= choice.topUpBelow) {
    warnings.push({
      code: 'alert_not_above_top_up',
      field: 'alertBelow',
      detail: 'The alert value is not above the top-up value, so the alert gives no early warning.',
    });
  }
  if (quote(prices, wallet, choice.amountCents).quantity < Math.max(choice.topUpBelow, NO_QUANTITY)) {
    warnings.push({
      code: 'amount_below_threshold',
      field: 'amount',
      detail: 'One amount does not lift an empty balance to the top-up value; a whole multiple is charged.',
    });
  }
  if (choice.monthlyCapCents !== null && choice.monthlyCapCents < choice.amountCents) {
    warnings.push({
      code: 'cap_below_amount',
      field: 'monthlyCap',
      detail: 'The monthly cap is below one amount, so no automatic top-up can run.',
    });
  }
  if (usualHold !== null && choice.topUpBelow < usualHold) {
    warnings.push({
      code: 'threshold_below_usual_hold',
      field: 'topUpBelow',
      detail:
        `A call of your campaigns usually reserves ${toDisplayUnits(wallet, usualHold)} minutes, which is more than ` +
        `the top-up value: calls are refused before the balance falls below it. ${
          choice.topUpOnRefusal
            ? 'Each refusal starts a top-up, and the campaign waits for it.'
            : 'No top-up runs then, and the campaign stops.'
        }`,
    });
  }
  return warnings;
}

/** The version at which a new choice arms the alert: the new one if the alert value or the switch changed. */
export function alertVersionAfter(
  previous: Settings | null,
  choice: SettingsChoice,
  version: number,
): number {
  const same =
    previous !== null && previous.alertBelow === choice.alertBelow && previous.enabled === choice.enabled;
  return same ? previous.alertVersion : version;
}
