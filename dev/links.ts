import type { DemoRun } from './demo.ts';
import { demoApi } from './demo-api.ts';
import type { LocalPlan } from './local-environment.ts';

export type Link = { readonly label: string; readonly url: string };

/** The pages of the running stack. Only those that answer are returned, so no link leads nowhere. */
export async function liveLinks(plan: LocalPlan, demo: DemoRun): Promise<readonly Link[]> {
  const links = await candidates(plan, demo);
  const alive = await Promise.all(links.map(answers));
  return links.filter((_, index) => alive[index]);
}

/** The credits page of an account, signed in.
 *  @returns undefined where there is no such page. */
export async function creditsPageLink(
  { environment, ports }: LocalPlan,
  accountId: string,
): Promise<Link | undefined> {
  const key = environment['PLATFORM_KEY'] ?? '';
  const url = await creditsPageUrl(`http://127.0.0.1:${ports.api}`, key, accountId);
  return url === undefined ? undefined : { label: 'Credits page, signed in', url };
}

async function candidates(plan: LocalPlan, demo: DemoRun): Promise<readonly Link[]> {
  const { environment, ports } = plan;
  const apiUrl = `http://127.0.0.1:${ports.api}`;
  const creditsPage = await creditsPageLink(plan, demo.accountId);
  const temporalUi = environment['TEMPORAL_UI_URL'];
  const namespace = environment['TEMPORAL_NAMESPACE'] ?? 'default';
  const workflow = encodeURIComponent(`account/${demo.accountId}`);
  const stripe = environment['STRIPE_API_BASE'];
  return [
    ...(creditsPage === undefined ? [] : [creditsPage]),
    await consoleLink(apiUrl, environment['OPERATOR_KEY'] ?? ''),
    ...(temporalUi === undefined
      ? []
      : [
          {
            label: "The account's workflow",
            url: `${temporalUi}/namespaces/${namespace}/workflows/${workflow}`,
          },
        ]),
    ...(stripe === undefined ? [] : [{ label: 'Stripe sandbox', url: `${stripe}/` }]),
    { label: 'Outbox', url: `${environment['POSTMARK_API_BASE']}/outbox` },
    { label: 'API reference', url: `${apiUrl}/docs` },
  ];
}

async function creditsPageUrl(
  apiUrl: string,
  platformKey: string,
  accountId: string,
): Promise<string | undefined> {
  try {
    const api = demoApi(apiUrl, platformKey);
    return (await api.call<{ url: string }>('POST', `/v1/accounts/${accountId}/sessions`)).url;
  } catch {
    // Without a session there is no signed-in page to link to.
    return undefined;
  }
}

/** Signed in once, within an hour: the link may stay in a terminal, and the operator's key in its file. */
async function consoleLink(apiUrl: string, operatorKey: string): Promise<Link> {
  try {
    const { url } = await demoApi(apiUrl, operatorKey).call<{ url: string }>(
      'POST',
      '/v1/operator/sign-in-codes',
    );
    return { label: 'Console, signs in once', url };
  } catch {
    // Somebody else's API may not know the key: the console asks for one then.
    return { label: 'Operator console', url: `${apiUrl}/console` };
  }
}

async function answers({ url }: Link): Promise<boolean> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(5_000),
    });
    await response.body?.cancel();
    return response.ok && (response.headers.get('content-type') ?? '').includes('text/html');
  } catch {
    return false;
  }
}
