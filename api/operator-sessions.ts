import type { JWTPayload } from 'jose';
import type { KeyStore } from '../db/keys.ts';
import type { Principal } from './principal.ts';
import { createSignedText, type SignedText } from './signed-text.ts';

/** A working day: nobody has to sign in twice, and a laptop that was lost is of no use the day after. */
const SESSION_LIFE_MS = 8 * 60 * 60 * 1_000;
/** Long enough to come back to a terminal that printed the link. */
const CODE_LIFE_MS = 60 * 60 * 1_000;
/** From leaving for the identity provider to coming back. */
const SIGN_IN_LIFE_MS = 10 * 60 * 1_000;

type OperatorPrincipal = Extract<Principal, { role: 'platform' | 'operator' }>;

/** By a key, or by a person whom the identity provider has named. */
type SessionClaims = { keyId: string; person?: never } | { person: string; keyId?: never };

/** What has to be the same when the identity provider sends the browser back. */
export type OidcAttempt = { state: string; nonce: string; codeVerifier: string };

export type OperatorSessions = {
  issue: (who: { keyId: string } | { person: string }) => Promise<{ text: string; expiresAtMs: number }>;
  /** Asks the database each time whether the key still stands, so a revoked one ends its sessions at once.
   *  @returns null for a session that is forged, over, signed out, or whose key or way of signing in is gone. */
  verify(text: string): Promise<{ principal: OperatorPrincipal; expiresAtMs: number } | null>;
  /** Signs out: a copy of the session is of no use any more, at any instance. */
  end(text: string): Promise<void>;
  /** Whether it was opened here, be it over by now. */
  isGenuine(text: string): Promise<boolean>;
  codes: SignedText<{ keyId: string }>;
  attempts: SignedText<OidcAttempt>;
};

/** Sessions of operators in the browser: signed, short, and bound to what opened them.
 *  @param withOidc false: sessions of persons are refused, because there is nobody to vouch for them. */
export function createOperatorSessions(
  secret: string,
  { keys, withOidc }: { keys: Pick<KeyStore, 'isOperator' | 'endSession' | 'hasEnded'>; withOidc: boolean },
): OperatorSessions {
  const sessions = createSignedText<SessionClaims>(
    secret,
    { purpose: 'operator', lifeMs: SESSION_LIFE_MS },
    readSession,
  );
  return {
    issue: (who) => sessions.sign(who),
    async verify(text) {
      const session = await sessions.verify(text);
      if (session === null) return null;
      const { claims, id, expiresAtMs } = session;
      if (await keys.hasEnded(id)) return null;
      if (claims.keyId === undefined) {
        return withOidc ? { principal: personOf(claims.person), expiresAtMs } : null;
      }
      if (!(await keys.isOperator(claims.keyId))) return null;
      return { principal: { role: 'operator', keyId: claims.keyId }, expiresAtMs };
    },
    async end(text) {
      const session = await sessions.verify(text);
      if (session !== null) await keys.endSession(session.id);
    },
    isGenuine: (text) => sessions.isGenuine(text),
    codes: createSignedText(secret, { purpose: 'operator-sign-in-code', lifeMs: CODE_LIFE_MS }, readCode),
    attempts: createSignedText(secret, { purpose: 'operator-oidc', lifeMs: SIGN_IN_LIFE_MS }, readAttempt),
  };
}

/** In logs and the audit `operator:oidc:` and the person, where a key has its id. */
function personOf(person: string): OperatorPrincipal {
  return { role: 'operator', keyId: `oidc:${person}` };
}

function readSession({ keyId, person }: JWTPayload): SessionClaims | null {
  if (typeof keyId === 'string' && person === undefined) return { keyId };
  if (typeof person === 'string' && keyId === undefined) return { person };
  return null;
}

function readCode({ keyId }: JWTPayload): { keyId: string } | null {
  return typeof keyId === 'string' ? { keyId } : null;
}

function readAttempt({ state, nonce, codeVerifier }: JWTPayload): OidcAttempt | null {
  if (typeof state !== 'string' || typeof nonce !== 'string' || typeof codeVerifier !== 'string') return null;
  return { state, nonce, codeVerifier };
}
