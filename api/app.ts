import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { answerClientError } from './client-errors.ts';
import type { ApiDeps } from './deps.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { authentication } from './plugins/authentication.ts';
import { credentialFailures } from './plugins/credential-failures.ts';
import { draining } from './plugins/draining.ts';
import { openApi, referencePage } from './plugins/documentation.ts';
import { asProblem, errors, sendProblem } from './plugins/errors.ts';
import { observation } from './plugins/observation.ts';
import { fairUse, securityHeaders } from './plugins/security.ts';
import { watchReconciler } from './reconciler-metrics.ts';
import { accountRoutes } from './routes/accounts.ts';
import { autoTopUpRoutes } from './routes/auto-top-up.ts';
import { balanceHistoryRoutes } from './routes/balance-history.ts';
import { emailPreferenceRoutes } from './routes/email-preferences.ts';
import { grantRoutes } from './routes/grants.ts';
import { holdRoutes } from './routes/holds.ts';
import { ledgerCsvRoutes } from './routes/ledger-csv.ts';
import { listRoutes } from './routes/lists.ts';
import { operatorActRoutes } from './routes/operator-acts.ts';
import { operatorAccountRoutes } from './routes/operator-accounts.ts';
import { operatorHealthRoutes } from './routes/operator-health.ts';
import { operatorMailRoutes } from './routes/operator-mails.ts';
import { operatorOidcRoutes } from './routes/operator-oidc.ts';
import { operatorPreviewRoutes } from './routes/operator-retry-preview.ts';
import { operatorSessionRoutes } from './routes/operator-session.ts';
import { operatorSignInCodeRoutes } from './routes/operator-sign-in-code.ts';
import { operatorStoryRoutes } from './routes/operator-story.ts';
import { operatorWorkflowRoutes } from './routes/operator-workflow.ts';
import { operatorRoutes } from './routes/operator.ts';
import { operatorRefundRoutes } from './routes/operator-refund.ts';
import { postmarkWebhookRoutes } from './routes/postmark-webhook.ts';
import { resumeRoutes } from './routes/resume.ts';
import { reconciliationRoutes } from './routes/reconciliations.ts';
import { paymentMethodRoutes } from './routes/payment-method.ts';
import { previewRoutes } from './routes/preview.ts';
import { purchaseRoutes } from './routes/purchases.ts';
import { serviceRoutes } from './routes/service.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { streamRoutes } from './routes/stream.ts';
import { stripeWebhookRoutes } from './routes/stripe-webhook.ts';
import { usageRoutes } from './routes/usage.ts';
import { webRoutes } from './routes/web.ts';
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts';

/** Enough for every body but a batch of usage, which has a limit of its own. */
const BODY_LIMIT_BYTES = 64 * 1024;
/** A request that has not arrived by then is not going to. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Builds the HTTP API from its parts, ready to be listened on or injected into. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger,
    genReqId: () => randomUUID(),
    // Without it everybody behind a proxy has one address, and shares how often it may be wrong.
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    // One line for each answer is enough, and `observation` writes it.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // While it drains, it still answers: every request that has arrived is answered for what it is.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendProblem(asProblem(error), request, reply),
    clientErrorHandler: answerClientError,
  });
  const metrics = createMetrics();
  watchReconciler(metrics.registry, deps.reconciliations.standing);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  acceptJsonOnly(app);
  await app.register(errors);
  await app.register(draining);
  await app.register(observation, { metrics });
  await app.register(securityHeaders);
  await app.register(cookie);
  await app.register(credentialFailures, deps.limits);
  await app.register(openApi, { publicUrl: deps.publicUrl });
  await app.register(referencePage);
  await app.register(webRoutes, deps);
  await app.register(serviceRoutes, { readiness: deps.readiness, metrics });
  await app.register(stripeWebhookRoutes, { ...deps, metrics });
  await app.register(postmarkWebhookRoutes, { ...deps, metrics });
  await app.register(operatorSessionRoutes, { ...deps, prefix: '/v1' });
  if (deps.oidc !== null) {
    await app.register(operatorOidcRoutes, { ...deps, oidc: deps.oidc, prefix: '/v1' });
  }
  await app.register((scope) => registerV1(scope, deps, metrics), { prefix: '/v1' });
  return app;
}

async function registerV1(app: FastifyInstance, deps: ApiDeps, metrics: Metrics): Promise<void> {
  const { keys, tokens, sessions, publicUrl, limits } = deps;
  await app.register(authentication, { keys, tokens, sessions, publicUrl, keyTrustMs: limits.keyTrustMs });
  await app.register(fairUse, limits);
  await app.register(accountRoutes, deps);
  await app.register(usageRoutes, { ...deps, metrics });
  await app.register(grantRoutes, deps);
  await app.register(holdRoutes, { ...deps, metrics });
  await app.register(sessionRoutes, deps);
  await app.register(autoTopUpRoutes, deps);
  await app.register(previewRoutes, deps);
  await app.register(listRoutes, deps);
  await app.register(ledgerCsvRoutes, deps);
  await app.register(balanceHistoryRoutes, deps);
  await app.register(emailPreferenceRoutes, deps);
  await app.register(purchaseRoutes, deps);
  await app.register(paymentMethodRoutes, deps);
  await app.register(streamRoutes, { ...deps, metrics });
  await app.register(resumeRoutes, deps);
  await app.register(operatorRoutes, deps);
  await app.register(operatorActRoutes, deps);
  await app.register(operatorSignInCodeRoutes, deps);
  await app.register(operatorPreviewRoutes, deps);
  await app.register(operatorStoryRoutes, deps);
  await app.register(operatorAccountRoutes, deps);
  await app.register(operatorWorkflowRoutes, deps);
  await app.register(operatorMailRoutes, deps);
  await app.register(operatorHealthRoutes, deps);
  await app.register(webhookDeliveryRoutes, deps);
  await app.register(reconciliationRoutes, deps);
  await app.register(operatorRefundRoutes, deps);
}

/** An empty body counts as none, so that a client which always names a content type may post without one. */
function acceptJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body as string, done);
  });
}
