import { errors, jwtVerify, SignJWT } from 'jose';
import { ACCOUNT_ID_PATTERN, accountId, type AccountId } from '../domain/ids.ts';
import { wasSignedHere } from './signed-text.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'auto-top-up';
const AUDIENCE = 'auto-top-up/customer';
const TYPE = 'JWT';

/** How far the clocks of two instances may differ: one checks what the other has signed. */
const CLOCK_TOLERANCE_SECONDS = 10;

/** Life of a customer's token: long enough for a visit, short enough that nobody needs to revoke one. */
const TOKEN_LIFE_MS = 60 * 60 * 1_000;

export type CustomerToken = { accountId: AccountId; expiresAtMs: number };

export type Tokens = {
  /** Signs a token bound to one account. */
  issue(id: AccountId): Promise<{ token: string; expiresAtMs: number }>;
  /** @returns null for a token that is forged, expired, or made for something else. */
  verify(token: string): Promise<CustomerToken | null>;
  /** Whether it was signed here, be it expired by now: whoever comes back to an open page guesses nothing. */
  isGenuine(token: string): Promise<boolean>;
};

/** Makes and checks the short-lived tokens of customers; algorithm, issuer and audience are pinned.
 *  @param secret at least 32 characters. */
export function createTokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret);
  return {
    async issue(id) {
      const issuedAtSeconds = Math.floor(Date.now() / 1_000);
      const expiresAtSeconds = issuedAtSeconds + TOKEN_LIFE_MS / 1_000;
      const token = await new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(id)
        .setIssuedAt(issuedAtSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(key);
      return { token, expiresAtMs: expiresAtSeconds * 1_000 };
    },
    verify: (token) => verify(token, key),
    isGenuine: (token) => wasSignedHere(check(token, key)),
  };
}

function check(token: string, key: Uint8Array) {
  return jwtVerify(token, key, {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    typ: TYPE,
    maxTokenAge: TOKEN_LIFE_MS / 1_000,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['sub', 'exp', 'iat'],
  });
}

async function verify(token: string, key: Uint8Array): Promise<CustomerToken | null> {
  try {
    const { payload } = await check(token, key);
    if (payload.sub === undefined || payload.exp === undefined) return null;
    if (!ACCOUNT_ID_PATTERN.test(payload.sub)) return null;
    return { accountId: accountId(payload.sub), expiresAtMs: payload.exp * 1_000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** Whether a bearer credential is meant to be such a token; all of them begin with the same letters of JSON. */
export function looksLikeToken(credential: string): boolean {
  return credential.startsWith('eyJ') && credential.split('.').length === 3;
}
