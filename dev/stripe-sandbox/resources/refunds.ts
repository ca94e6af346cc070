import { missingParameter, noSuchObject } from '../errors.ts';
import { listPage } from '../list.ts';
import { refundCharge } from '../refunding.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route } from '../scope.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export const refundRoutes: readonly Route[] = [
  post('/v1/refunds', create),
  get('/v1/refunds', list),
  get('/v1/refunds/:id', (call) => ok(call.scope.store.need('refund', pathId(call)))),
  post('/v1/refunds/:id', update),
];

function create({ scope, params }: Call): Reply {
  const chargeId = params.text('charge') ?? null;
  const intentId = params.text('payment_intent') ?? null;
  const found = chargeId ?? (intentId === null ? null : latestCharge(intentId));
  if (found === null) throw missingParameter('charge');
  const charge = scope.store.need('charge', found, 'charge');
  const amount = params.integer('amount');
  const reason = params.choice('reason', REASONS) ?? null;
  return ok(refundCharge(scope, charge, { amount, reason, metadata: params.metadata() }));

  function latestCharge(intent: string): string {
    const latest = scope.store.need('payment_intent', intent, 'payment_intent').latest_charge;
    if (latest === null) throw noSuchObject('charge', intent, 'payment_intent');
    return latest;
  }
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('refund', pathId(call));
  const after = { ...before, metadata: params.metadata(before.metadata) };
  scope.store.put(after);
  scope.events.emit('refund.updated', after, { metadata: before.metadata });
  return ok(after);
}

function list({ scope, params }: Call): Reply {
  const charge = params.text('charge') ?? undefined;
  const intent = params.text('payment_intent') ?? undefined;
  const query = { fields: { charge, payment_intent: intent } };
  return ok(listPage(scope.store, 'refund', '/v1/refunds', params, query));
}
