import { useSyncExternalStore } from 'react';

/** Whom the page was opened for. The token is only read here, never judged: the API does that with each call. */
export type Session =
  | {
      readonly status: 'open';
      readonly token: string;
      readonly accountId: string;
      readonly expiresAtMs: number;
    }
  | { readonly status: 'expired' }
  | { readonly status: 'none' };

const STORED = 'auto-top-up.token';
/** What a timer of the browser can hold. */
const LONGEST_TIMER_MS = 2_147_483_647;

let session: Session = { status: 'none' };
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Takes the token out of the address, so that nobody finds it in the history or in a copied link; after a visit to
 *  the payment page it is found where this tab keeps it. */
export function beginSession(): void {
  takeToken();
  window.addEventListener('hashchange', takeToken);
}

/** The API no longer takes the token. */
export function endSession(): void {
  if (session.status === 'open') become({ status: 'expired' });
}

export function currentSession(): Session {
  return session;
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, currentSession);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function takeToken(): void {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get('token');
  if (given !== null) {
    fragment.delete('token');
    const rest = fragment.toString();
    history.replaceState(
      history.state,
      '',
      `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`,
    );
  }
  const token = given ?? kept();
  if (token === null) return;
  become(read(token) ?? { status: 'expired' });
}

function become(next: Session): void {
  session = next;
  clearTimeout(timer);
  if (next.status === 'open') {
    keep(next.token);
    timer = setTimeout(endSession, Math.min(next.expiresAtMs - Date.now(), LONGEST_TIMER_MS));
  } else {
    keep(null);
  }
  for (const listener of listeners) listener();
}

/** @returns null when it cannot be a token, or has expired by this device's clock. */
function read(token: string): Session | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    );
    const { sub, exp } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown; exp?: unknown };
    if (typeof sub !== 'string' || typeof exp !== 'number' || exp * 1_000 <= Date.now()) return null;
    return { status: 'open', token, accountId: sub, expiresAtMs: exp * 1_000 };
  } catch {
    return null;
  }
}

/** A page in a frame may not be given any storage; then the token lives as long as the page. */
function kept(): string | null {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function keep(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, token);
  } catch {
    // It is in memory.
  }
}
