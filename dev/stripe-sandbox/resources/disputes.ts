import { closeDispute } from '../disputing.ts';
import { invalidRequest } from '../errors.ts';
import { listPage } from '../list.ts';
import type { Dispute } from '../objects/reversal.ts';
import { readText } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route } from '../scope.ts';

export const disputeRoutes: readonly Route[] = [
  get('/v1/disputes', list),
  get('/v1/disputes/:id', (call) => ok(call.scope.store.need('dispute', pathId(call)))),
  post('/v1/disputes/:id', update),
  post('/v1/disputes/:id/close', close),
];

/** Evidence that decides a test dispute at once. Source: https://docs.stripe.com/testing#disputes */
const VERDICTS: Readonly<Record<string, 'won' | 'lost'>> = {
  winning_evidence: 'won',
  losing_evidence: 'lost',
};

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('dispute', pathId(call));
  const given = params.hash('evidence');
  const text = given?.text('uncategorized_text') ?? null;
  const product = given === undefined || given === null ? null : readText(given, 'product_description', null);
  const submits = params.boolean('submit') ?? given !== undefined;
  const metadata = params.metadata(before.metadata);
  const isOpen = before.status === 'needs_response' || before.status === 'warning_needs_response';
  if (given !== undefined && !isOpen)
    throw invalidRequest(`This dispute is ${before.status}; it takes no evidence.`);
  const evidence = {
    ...before.evidence,
    uncategorized_text: text ?? before.evidence.uncategorized_text,
    product_description: product ?? before.evidence.product_description,
  };
  const details = {
    ...before.evidence_details,
    has_evidence: text !== null || before.evidence_details.has_evidence,
  };
  const kept: Dispute = { ...before, evidence, evidence_details: details, metadata };
  const verdict = VERDICTS[text ?? ''];
  if (submits && verdict !== undefined) return ok(closeDispute(scope, kept, verdict));
  const reviewed = before.status === 'warning_needs_response' ? 'warning_under_review' : 'under_review';
  const after: Dispute = submits && isOpen ? { ...kept, status: reviewed } : kept;
  scope.store.put(after);
  scope.events.emit('charge.dispute.updated', after, { status: before.status });
  return ok(after);
}

function close(call: Call): Reply {
  const { scope } = call;
  const dispute = scope.store.need('dispute', pathId(call));
  if (dispute.status === 'won' || dispute.status === 'lost' || dispute.status === 'warning_closed') {
    throw invalidRequest('This dispute is already closed.');
  }
  return ok(closeDispute(scope, dispute, 'lost'));
}

function list({ scope, params }: Call): Reply {
  const charge = params.text('charge') ?? undefined;
  const intent = params.text('payment_intent') ?? undefined;
  const query = { fields: { charge, payment_intent: intent } };
  return ok(listPage(scope.store, 'dispute', '/v1/disputes', params, query));
}
