import type { MessageEvent, StoredMessage } from './outbox.ts';

const MAX_LISTED = 500;

/** All mails, newest first. */
export function listPage(messages: readonly StoredMessage[]): string {
  const rows = messages.slice(0, MAX_LISTED).map(listRow).join('');
  const cut = messages.length > MAX_LISTED ? `<p>The newest ${MAX_LISTED} are shown.</p>` : '';
  const list =
    messages.length === 0
      ? '<p class="empty">No mail has been sent yet.</p>'
      : `<table><thead><tr><th>Sent</th><th>To</th><th>Subject</th><th>Tag</th></tr></thead><tbody>${rows}</tbody></table>${cut}`;
  return frame('Outbox', `<h1>Outbox <small>${messages.length}</small></h1>${list}`);
}

/** One mail as HTML and as text, with what is known about it. */
export function mailPage(message: StoredMessage, events: readonly MessageEvent[]): string {
  const metadata = Object.entries(message.Metadata).map(([key, value]) => `${key}: ${value}`);
  const history = events.map((event) => `${event.Type} · ${event.Recipient} · ${event.ReceivedAt}`);
  const html =
    message.HtmlBody === ''
      ? '<p class="empty">This mail has no HTML part.</p>'
      : `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="HTML part" src="/outbox/${encodeURIComponent(message.MessageID)}/html"></iframe>`;
  const body = `
    <p><a href="/outbox">← Outbox</a></p>
    <h1>${escapeHtml(message.Subject)}</h1>
    <dl>
      ${term('From', [message.From])}
      ${term('To', [message.toLine])}
      ${term('Sent', [message.SubmittedAt])}
      ${term('Tag', [message.Tag])}
      ${term('Metadata', metadata)}
      ${term('Happened', history)}
      ${term('Message ID', [message.MessageID])}
    </dl>
    <h2>HTML</h2>${html}
    <h2>Text</h2><pre>${escapeHtml(message.TextBody)}</pre>`;
  return frame(message.Subject, body);
}

export function missingPage(): string {
  return frame('Not found', '<h1>Not found</h1><p><a href="/outbox">← Outbox</a></p>');
}

function listRow(message: StoredMessage): string {
  const path = `/outbox/${encodeURIComponent(message.MessageID)}`;
  return `<tr>
    <td>${escapeHtml(message.SubmittedAt.replace('T', ' ').slice(0, 19))}</td>
    <td>${escapeHtml(message.toLine)}</td>
    <td><a href="${path}">${escapeHtml(message.Subject)}</a></td>
    <td>${escapeHtml(message.Tag)}</td>
  </tr>`;
}

function term(name: string, values: readonly string[]): string {
  const lines = values.filter((value) => value !== '').map((value) => `<dd>${escapeHtml(value)}</dd>`);
  return lines.length === 0 ? '' : `<dt>${name}</dt>${lines.join('')}`;
}

function frame(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Postmark sandbox</title>
<style>${STYLE}</style>
</head>
<body><main>${body}</main></body>
</html>`;
}

const STYLE = `
  body { margin: 0; background: #f5f6f8; color: #1c2430; font: 15px/1.5 system-ui, sans-serif; }
  main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
  h1 { font-size: 24px; margin: 8px 0 20px; } h1 small { color: #667085; font-weight: 400; }
  h2 { font-size: 16px; margin: 32px 0 8px; }
  a { color: #1d4ed8; }
  table { width: 100%; border-collapse: collapse; background: #fff; border: 1px solid #e3e6eb; }
  th, td { text-align: left; padding: 10px 12px; border-bottom: 1px solid #e3e6eb; vertical-align: top; }
  th { color: #667085; font-weight: 600; font-size: 13px; }
  td:first-child { white-space: nowrap; color: #667085; font-variant-numeric: tabular-nums; }
  dl { display: grid; grid-template-columns: 120px 1fr; gap: 4px 16px; margin: 0; }
  dt { color: #667085; grid-column: 1; } dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 860px; border: 1px solid #e3e6eb; background: #fff; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #fff; border: 1px solid #e3e6eb; padding: 16px; }
  .empty { color: #667085; }
`;

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
