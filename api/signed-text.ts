import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';

const ALGORITHM = 'HS256';
const ISSUER = 'auto-top-up';
const TYPE = 'JWT';
/** How far the clocks of two instances may differ: one checks what the other has signed. */
const CLOCK_TOLERANCE_SECONDS = 10;

export type SignedText<Claims> = {
  sign(claims: Claims): Promise<{ text: string; id: string; expiresAtMs: number }>;
  /** @returns null for what is forged, expired, or made for something else. */
  verify(text: string): Promise<{ claims: Claims; id: string; expiresAtMs: number } | null>;
  /** Whether it was signed here for this purpose, be it over by now: a text that has expired is no guess. */
  isGenuine(text: string): Promise<boolean>;
};

/** Signs claims for one purpose that pass through a browser and come back. What was signed for another purpose is
 *  refused, because the purpose is the audience.
 *  @param read checks the claims again: a release may have written other ones. */
export function createSignedText<Claims extends JWTPayload>(
  secret: string,
  { purpose, lifeMs }: { purpose: string; lifeMs: number },
  read: (payload: JWTPayload) => Claims | null,
): SignedText<Claims> {
  const key = new TextEncoder().encode(secret);
  const audience = `${ISSUER}/${purpose}`;
  const check = (text: string) =>
    jwtVerify(text, key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience,
      typ: TYPE,
      maxTokenAge: Math.floor(lifeMs / 1_000),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['jti', 'exp', 'iat'],
    });
  return {
    async sign(claims) {
      const issuedAtSeconds = Math.floor(Date.now() / 1_000);
      const expiresAtSeconds = issuedAtSeconds + Math.floor(lifeMs / 1_000);
      const id = crypto.randomUUID();
      const text = await new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setJti(id)
        .setIssuedAt(issuedAtSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(key);
      return { text, id, expiresAtMs: expiresAtSeconds * 1_000 };
    },
    async verify(text) {
      try {
        const { payload } = await check(text);
        const claims = read(payload);
        if (claims === null || payload.jti === undefined || payload.exp === undefined) return null;
        return { claims, id: payload.jti, expiresAtMs: payload.exp * 1_000 };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
    isGenuine: (text) => wasSignedHere(check(text)),
  };
}

/** The signature, the issuer and the audience are checked before the age is.
 *  @param checked the check of a signed text. */
export async function wasSignedHere(checked: Promise<unknown>): Promise<boolean> {
  try {
    await checked;
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return error instanceof errors.JWTExpired;
    throw error;
  }
}
