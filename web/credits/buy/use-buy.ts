import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { getAccountQueryKey } from '../../client/@tanstack/react-query.gen.ts';
import { buyTopUp } from '../../client/sdk.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useToast } from '../../shared/ui/use-toast.ts';
import { beginLeaving, isFramed, type WayOut } from '../leave-to.ts';
import type { Wallet } from '../top-up/settings-types.ts';
import { buyMessages } from './messages.ts';

type Order = { wallet: Wallet; amount: number; method: 'card' | 'checkout' };

/** Buys once, however often the same order is sent: a new key only comes with another order.
 *  @param onDone the card is being charged. */
export function useBuy(accountId: string, onDone: () => void) {
  const t = useMessages(buyMessages);
  const toast = useToast();
  const queries = useQueryClient();
  const sent = useRef({ order: '', key: '' });
  const wayOut = useRef<WayOut>(null);
  const buy = useMutation({
    mutationFn: async (order: Order) => {
      const text = JSON.stringify(order);
      if (sent.current.order !== text) sent.current = { order: text, key: newKey() };
      const { data } = await buyTopUp({
        path: { id: accountId },
        headers: { 'idempotency-key': sent.current.key },
        body: order,
        throwOnError: true,
      });
      return data;
    },
    onSuccess: async ({ actionUrl }) => {
      if (actionUrl !== null) {
        // A page in a frame stays, and says itself that the purchase waits for its payment.
        if (isFramed()) {
          onDone();
          void queries.invalidateQueries({ queryKey: [{ _id: 'listTopUps' }] });
        }
        (wayOut.current ?? beginLeaving()).to(actionUrl);
        return;
      }
      wayOut.current?.close();
      onDone();
      await Promise.all([
        queries.invalidateQueries({ queryKey: getAccountQueryKey({ path: { id: accountId } }) }),
        toast({ tone: 'good', message: t('done') }),
      ]);
    },
    onError: () => wayOut.current?.close(),
  });
  return {
    ...buy,
    mutate(order: Order) {
      wayOut.current = order.method === 'checkout' ? beginLeaving() : null;
      buy.mutate(order);
    },
  };
}

/** `crypto.randomUUID` is missing on pages that were not loaded securely, such as a rehearsal on another host. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
