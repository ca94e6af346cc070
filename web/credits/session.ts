import { useSyncExternalStore } from 'react';

/** Whom the page was opened for. The token is only read here, never judged: the API does that with each call. */
export type Session =
  | {
      readonly status: 'open';
      readonly token: string;
      readonly accountId: string;
      /** When it is over by this device's clock, which may be wrong: nothing but a warning and a tidy end rest on it. */
      readonly endsAtMs: number;
    }
  | { readonly status: 'expired' }
  | { readonly status: 'none' };

const STORED = 'auto-top-up.token';
const STORED_SINCE = 'auto-top-up.since';
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
  const token = given ?? kept(STORED);
  if (token === null) return;
  const sinceMs = given === null ? Number(kept(STORED_SINCE) ?? Date.now()) : Date.now();
  keep(STORED_SINCE, String(sinceMs));
  become(read(token, sinceMs) ?? { status: 'expired' });
}

function become(next: Session): void {
  session = next;
  clearTimeout(timer);
  if (next.status === 'open') {
    keep(STORED, next.token);
    timer = setTimeout(endSession, Math.min(next.endsAtMs - Date.now(), LONGEST_TIMER_MS));
  } else {
    keep(STORED, null);
    keep(STORED_SINCE, null);
  }
  for (const listener of listeners) listener();
}

/** How long it holds is known from the token itself; whether it still does, only the API says.
 *  @param sinceMs when this tab was given it.
 *  @returns null when it cannot be a token. */
function read(token: string, sinceMs: number): Session | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    );
    const { sub, iat, exp } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof sub !== 'string' || typeof iat !== 'number' || typeof exp !== 'number') return null;
    return { status: 'open', token, accountId: sub, endsAtMs: sinceMs + (exp - iat) * 1_000 };
  } catch {
    return null;
  }
}

/** A page in a frame may not be given any storage; then the token lives as long as the page. */
function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // It is in memory.
  }
}
