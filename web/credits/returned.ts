import { useSyncExternalStore } from 'react';

/** What a customer has finished on a page of the payment provider, which leads back with it in the address. */
type Returned = {
  readonly what: 'payment' | 'card' | 'billing';
  /** The purchase that was paid. */
  readonly topUpId: string | null;
};

let returned: Returned | null = null;
const listeners = new Set<() => void>();

/** Takes the mark out of the address, so that a reload or a copied link does not claim it again. */
export function takeReturned(): void {
  const url = new URL(location.href);
  const done = url.searchParams.get('done');
  if (done === null) return;
  const what = asWhat(done);
  if (what !== null) become({ what, topUpId: url.searchParams.get('topUp') });
  url.searchParams.delete('done');
  url.searchParams.delete('topUp');
  history.replaceState(history.state, '', url);
}

/** What the customer has come back from, until it is put aside. */
export function useReturned(): Returned | null {
  return useSyncExternalStore(subscribe, () => returned);
}

export function putAside(): void {
  become(null);
}

function become(next: Returned | null): void {
  returned = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @returns null when nothing was finished, such as when the customer has turned back. */
function asWhat(text: string): Returned['what'] | null {
  return text === 'payment' || text === 'card' || text === 'billing' ? text : null;
}
