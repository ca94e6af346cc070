import { missingParameter } from '../errors.ts';
import { newId, randomText } from '../ids.ts';
import { newPortalSession, type PortalSession } from '../objects/checkout.ts';
import type { Params } from '../params.ts';
import { readText } from '../read-params.ts';
import { type Call, ok, post, type Reply, type Route } from '../scope.ts';

export const portalSessionRoutes: readonly Route[] = [post('/v1/billing_portal/sessions', create)];

function create({ scope, params }: Call): Reply {
  params.ignore('configuration', 'on_behalf_of');
  const customer = scope.store.need('customer', params.required('customer'), 'customer');
  const url = `${scope.publicUrl}/portal/${randomText(40)}`;
  const session: PortalSession = {
    ...newPortalSession(newId('bps'), scope.now(), customer.id, url),
    flow: readFlow(params.hash('flow_data')),
    locale: readText(params, 'locale', null),
    return_url: readText(params, 'return_url', null),
  };
  scope.store.put(session, { customer: customer.id, parent: url.split('/').at(-1) });
  return ok(session);
}

function readFlow(params: Params | null | undefined): PortalSession['flow'] {
  if (params === undefined || params === null) return null;
  const type = params.choice('type', ['payment_method_update', 'customer_update']);
  if (type === undefined || type === null) throw missingParameter('flow_data[type]');
  const after = params.hash('after_completion');
  const redirect = after?.hash('redirect');
  const confirmation = after?.hash('hosted_confirmation');
  return {
    after_completion: {
      hosted_confirmation: confirmation
        ? { custom_message: confirmation.text('custom_message') ?? null }
        : null,
      redirect: redirect ? { return_url: redirect.required('return_url') } : null,
      type: after?.text('type') ?? 'portal_homepage',
    },
    customer_update: null,
    subscription_cancel: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type,
  };
}
