import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

export const OIDC_CLIENT = { clientId: 'console', clientSecret: 'the secret of the console' } as const;

type Grant = { nonce: string; challenge: string; redirectUri: string };

/** An OpenID provider over HTTP, as strict as a real one with codes, PKCE and client secrets, and dishonest where a test
 *  says so. */
export type OidcProvider = {
  readonly issuer: string;
  /** What the next ID token says besides what it has to. */
  claims: JWTPayload;
  /** What the next ID token is made wrong by. */
  lie: Partial<{ nonce: string; audience: string; issuer: string; signedBy: 'stranger' }>;
  /** The person presses "no". */
  deny: boolean;
  stop(): Promise<void>;
};

export async function startOidcProvider(): Promise<OidcProvider> {
  const [own, stranger] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProvider = {
    issuer,
    claims: { sub: 'person-1' },
    lie: {},
    deny: false,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, discoveryOf(issuer));
      case '/jwks':
        return json(response, 200, { keys: [jwk] });
      case '/authorize':
        return authorize(url, response);
      case '/token':
        return token(request, response);
      default:
        return json(response, 404, {});
    }
  }

  function authorize({ searchParams }: URL, response: ServerResponse): void {
    const get = (name: string) => searchParams.get(name) ?? '';
    const isWellFormed =
      get('client_id') === OIDC_CLIENT.clientId &&
      get('response_type') === 'code' &&
      get('scope').split(' ').includes('openid') &&
      get('code_challenge_method') === 'S256';
    if (!isWellFormed) return json(response, 400, { error: 'invalid_request' });
    const back = new URL(get('redirect_uri'));
    back.searchParams.set('state', get('state'));
    if (provider.deny) {
      back.searchParams.set('error', 'access_denied');
    } else {
      const code = crypto.randomUUID();
      grants.set(code, {
        nonce: get('nonce'),
        challenge: get('code_challenge'),
        redirectUri: get('redirect_uri'),
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!isClient(request, form)) return json(response, 401, { error: 'invalid_client' });
    if (grant?.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri')) {
      return json(response, 400, { error: 'invalid_grant' });
    }
    const key = provider.lie.signedBy === 'stranger' ? stranger.privateKey : own.privateKey;
    return json(response, 200, {
      access_token: crypto.randomUUID(),
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await idToken(grant, key),
    });
  }

  function idToken({ nonce }: Grant, key: CryptoKey): Promise<string> {
    const { claims, lie } = provider;
    return new SignJWT({ ...claims, nonce: lie.nonce ?? nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(lie.issuer ?? issuer)
      .setAudience(lie.audience ?? OIDC_CLIENT.clientId)
      .setIssuedAt()
      .setExpirationTime('5 minutes')
      .sign(key);
  }

  return provider;
}

/** The secret in the form or in the header, as RFC 6749 has it. */
function isClient(request: IncomingMessage, form: URLSearchParams): boolean {
  const basic = Buffer.from(
    (request.headers.authorization ?? '').replace(/^Basic /, ''),
    'base64',
  ).toString();
  const [id = form.get('client_id'), secret = form.get('client_secret')] =
    basic === '' ? [] : basic.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  return id === OIDC_CLIENT.clientId && secret === OIDC_CLIENT.clientSecret;
}

function discoveryOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
