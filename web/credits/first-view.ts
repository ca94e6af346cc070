import type { QueryClient } from '@tanstack/react-query';
import {
  getAccountOptions,
  getSettingsOptions,
  listTopUpsOptions,
} from '../client/@tanstack/react-query.gen.ts';
import { WALLETS } from './top-up/settings-types.ts';

/** Top-ups that wait for the customer. */
export function waitingTopUpsOptions(accountId: string) {
  return listTopUpsOptions({ path: { id: accountId }, query: { state: 'action_required', limit: 10 } });
}

/** Asks for all that the page needs before it can be used, at once: the parts that show it find the answers on their
 *  way, instead of waiting for each other.
 *  @param hasSettings whether the section with the settings is open. */
export function askForFirstView(queries: QueryClient, accountId: string, hasSettings: boolean): void {
  void queries.prefetchQuery(getAccountOptions({ path: { id: accountId } }));
  if (!hasSettings) return;
  for (const wallet of WALLETS) {
    void queries.prefetchQuery(getSettingsOptions({ path: { id: accountId, wallet } }));
  }
  void queries.prefetchQuery(waitingTopUpsOptions(accountId));
}
