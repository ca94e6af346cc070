import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { metadataFilter } from './message-routes.ts';
import type { Outbox, StoredMessage } from './outbox.ts';
import { listPage, mailPage, missingPage } from './outbox-page.ts';

type IdParams = { Params: { id: string } };

/** The outbox for people (HTML) and for tests (JSON); it has no lag and needs no token. */
export function outboxRoutes(app: FastifyInstance, { outbox }: { outbox: Outbox }): void {
  const filtered = (request: FastifyRequest) => {
    const query = request.query as Record<string, string | undefined>;
    return outbox.search(
      { recipient: query['to'], tag: query['tag'], metadata: metadataFilter(query) },
      Date.now(),
    );
  };
  const page = (reply: FastifyReply, html: string) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).send(html);

  app.get('/', async (_request, reply) => reply.redirect('/outbox'));
  app.get('/outbox.json', async (request) => filtered(request).map(outboxItem));
  app.get('/outbox', async (request, reply) => {
    const messages = filtered(request);
    const wantsJson = request.headers.accept?.includes('application/json') ?? false;
    return wantsJson ? messages.map(outboxItem) : page(reply, listPage(messages));
  });
  app.get<IdParams>('/outbox/:id', async (request, reply) => {
    const message = outbox.find(request.params.id);
    if (message === null) return page(reply.code(404), missingPage());
    return page(reply, mailPage(message, outbox.events(message.MessageID)));
  });
  app.get<IdParams>('/outbox/:id/html', async (request, reply) => {
    const message = outbox.find(request.params.id);
    if (message === null) return page(reply.code(404), missingPage());
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', MAIL_POLICY)
      .send(message.HtmlBody);
  });
}

// A mail is somebody else's HTML: it may style itself and show pictures, and run nothing.
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:";
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";

function outboxItem(message: StoredMessage) {
  const { MessageID, From, Subject, TextBody, HtmlBody, Metadata, Tag, SubmittedAt, Headers } = message;
  return {
    MessageID,
    To: message.toLine,
    From,
    Subject,
    TextBody,
    HtmlBody,
    Metadata,
    Tag,
    SubmittedAt,
    Headers,
  };
}
