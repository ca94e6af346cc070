import * as oidc from 'openid-client';
import type { OidcAttempt } from './operator-sessions.ts';

export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends the browser back to. */
  redirectUri: string;
  /** The group or role that makes a person an operator; without it everybody whom the provider lets in is one. */
  group?: string | undefined;
};

/** Why a person was not let in: the provider said no, the person is no operator, or the provider is away. */
export type OidcRefusal = 'refused' | 'not_operator' | 'unavailable';

export class OidcError extends Error {
  override readonly name = 'OidcError';
  readonly refusal: OidcRefusal;

  constructor(refusal: OidcRefusal, options: { cause?: unknown } = {}) {
    super(refusal, options);
    this.refusal = refusal;
  }
}

export type OperatorOidc = {
  /** @throws OidcError `unavailable` */
  start(): Promise<{ url: string; attempt: OidcAttempt }>;
  /** @param url the address at which the browser came back, as the world sees it.
   *  @returns the person, as the audit names it: a verified email address, else the provider's id.
   *  @throws OidcError */
  finish(url: URL, attempt: OidcAttempt): Promise<string>;
};

const TIMEOUT_SECONDS = 10;
/** As far as the audit can hold and search it. */
const PERSON = /^[\x21-\x7e]{1,150}$/;

/** Signs operators in by an OpenID provider: authorization code with PKCE, state and nonce. The provider is
 *  discovered when it is first needed, so the service starts while it is away. */
export function createOperatorOidc(settings: OidcSettings): OperatorOidc {
  const configuration = discoverOnce(settings);
  return {
    async start() {
      const config = await configuration();
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: 'openid email profile',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, attempt };
    },

    async finish(url, { state, nonce, codeVerifier }) {
      const config = await configuration();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
      const tokens = await oidc
        .authorizationCodeGrant(config, url, { ...checks, idTokenExpected: true })
        .catch(refuse);
      const claims = tokens.claims();
      if (claims === undefined) throw new OidcError('refused');
      if (settings.group !== undefined && !groupsOf(claims).includes(settings.group)) {
        throw new OidcError('not_operator');
      }
      return personIn(claims);
    },
  };
}

/** What was found is kept; a failure is not. */
function discoverOnce(settings: OidcSettings): () => Promise<oidc.Configuration> {
  const issuer = new URL(settings.issuer);
  let found: Promise<oidc.Configuration> | null = null;
  return () => {
    found ??= oidc
      .discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
        timeout: TIMEOUT_SECONDS,
        execute: [
          // Not left to TLS alone: a token that the provider has not signed is refused.
          oidc.enableNonRepudiationChecks,
          // Only a provider on this machine may be asked without TLS; the configuration admits no other.
          ...(issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
      })
      .catch((cause: unknown) => {
        found = null;
        throw new OidcError('unavailable', { cause });
      });
    return found;
  };
}

/** What the provider or its tokens say no to is a refusal; that it cannot be reached is none. */
function refuse(cause: unknown): never {
  const isAway = cause instanceof TypeError || (cause instanceof Error && cause.name === 'TimeoutError');
  throw new OidcError(isAway ? 'unavailable' : 'refused', { cause });
}

/** Providers put groups into `groups` and roles into `roles`. */
function groupsOf({ groups, roles }: oidc.IDToken): unknown[] {
  return [groups, roles].flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : []));
}

function personIn({ sub, email, email_verified: isVerified }: oidc.IDToken): string {
  if (isVerified === true && typeof email === 'string' && PERSON.test(email)) return email;
  if (PERSON.test(sub)) return sub;
  throw new OidcError('refused');
}
