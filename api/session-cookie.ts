import '@fastify/cookie';
import type { CookieSerializeOptions } from '@fastify/cookie';
import { publicPath } from './public-address.ts';

export const SESSION_COOKIE = 'operator_session';
export const ATTEMPT_COOKIE = 'operator_sign_in';

/** Sent to the operators' routes only, never readable by scripts, never from another site. */
export function sessionCookie(publicUrl: string): CookieSerializeOptions {
  const path = publicPath(publicUrl, '/v1/operator');
  return { path, httpOnly: true, secure: isSecure(publicUrl), sameSite: 'strict' };
}

/** Survives the way back from the identity provider, which is a link from another site. */
export function attemptCookie(publicUrl: string): CookieSerializeOptions {
  return {
    path: publicPath(publicUrl, '/v1/operator/session/oidc'),
    httpOnly: true,
    secure: isSecure(publicUrl),
    sameSite: 'lax',
  };
}

/** Only a service that is itself reached without TLS may do without. */
function isSecure(publicUrl: string): boolean {
  return new URL(publicUrl).protocol !== 'http:';
}
