import { newId, randomText } from '../ids.ts';
import { listPage } from '../list.ts';
import { newWebhookEndpoint, type WebhookEndpoint } from '../objects/event.ts';
import { readText } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, remove, type Route } from '../scope.ts';

export const webhookEndpointRoutes: readonly Route[] = [
  post('/v1/webhook_endpoints', create),
  get('/v1/webhook_endpoints', list),
  get('/v1/webhook_endpoints/:id', retrieve),
  post('/v1/webhook_endpoints/:id', update),
  remove('/v1/webhook_endpoints/:id', destroy),
];

/** The secret is shown once, on creation, as Stripe does. */
function create({ scope, params }: Call): Reply {
  params.ignore('api_version', 'connect');
  const url = params.required('url');
  const events = params.list('enabled_events') ?? ['*'];
  const endpoint: WebhookEndpoint = {
    ...newWebhookEndpoint(newId('we'), scope.now(), url, events),
    description: readText(params, 'description', null),
    metadata: params.metadata(),
  };
  const secret = `whsec_${randomText(32)}`;
  scope.store.put(endpoint, { hidden: { secret } });
  return ok({ ...endpoint, secret });
}

function retrieve(call: Call): Reply {
  return ok(call.scope.store.need('webhook_endpoint', pathId(call)));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('webhook_endpoint', pathId(call));
  const disabled = params.boolean('disabled');
  const after: WebhookEndpoint = {
    ...before,
    description: readText(params, 'description', before.description),
    enabled_events: params.list('enabled_events') ?? before.enabled_events,
    metadata: params.metadata(before.metadata),
    status: disabled === undefined ? before.status : disabled ? 'disabled' : 'enabled',
    url: params.text('url') ?? before.url,
  };
  scope.store.put(after);
  return ok(after);
}

function destroy(call: Call): Reply {
  const { scope } = call;
  return ok(scope.store.bury('webhook_endpoint', scope.store.need('webhook_endpoint', pathId(call)).id));
}

function list({ scope, params }: Call): Reply {
  return ok(listPage(scope.store, 'webhook_endpoint', '/v1/webhook_endpoints', params));
}
