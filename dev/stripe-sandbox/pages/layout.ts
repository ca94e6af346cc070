import type { FastifyReply } from 'fastify';

/** Markup that is safe to send; everything else is escaped when it is put into a template. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | readonly Html[];

/** A template in which every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : ''));
  return new Html(texts.join(''));
}

/** Sends a whole page. */
export function sendPage(reply: FastifyReply, title: string, body: Html, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page(title, body).text);
}

/** `5950` and `eur` as `€59.50`. */
export function money(cents: number, currency: string): string {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: currency.toUpperCase() }).format(
    cents / 100,
  );
}

export function date(seconds: number | null): string {
  if (seconds === null) return '–';
  const shown = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${shown.format(seconds * 1000)} UTC`;
}

/** A coloured word for a status. */
export function badge(status: string): Html {
  const good = ['default', 'paid', 'succeeded', 'complete', 'verified', 'won', 'issued', 'delivered'];
  const bad = ['failed', 'void', 'uncollectible', 'lost', 'canceled', 'expired'];
  const tone = good.includes(status) ? 'good' : bad.includes(status) ? 'bad' : 'open';
  return html`<span class="badge ${tone}">${status.replaceAll('_', ' ')}</span>`;
}

/** A message at the top of a form; nothing without text. */
export function alert(message: string | null): Html {
  return message === null ? html`` : html`<p class="alert" role="alert">${message}</p>`;
}

function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stripe sandbox</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><a href="/">Stripe sandbox</a><span>No real card, no real money</span></header>
<main>
${body}
</main>
</body>
</html>`;
}

function render(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map((one) => one.text).join('');
  return String(part)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light; --ink: #1a1f36; --soft: #5a6376; --line: #e3e8ee; --accent: #4b45c6; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: #f6f8fa; }
header { display: flex; justify-content: space-between; padding: 12px 24px; background: #fff; border-bottom: 1px solid var(--line); color: var(--soft); }
header a { color: var(--ink); font-weight: 600; text-decoration: none; }
main { max-width: 1040px; margin: 24px auto; padding: 0 24px; }
main.narrow, .narrow { max-width: 520px; margin: 0 auto; }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere; } h2 { font-size: 16px; margin: 28px 0 8px; } section > h2:first-child { margin-top: 0; }
p { margin: 4px 0 12px; } .soft { color: var(--soft); }
section, .card { background: #fff; border: 1px solid var(--line); border-radius: 8px; padding: 20px; margin: 12px 0; }
table { width: 100%; border-collapse: collapse; background: #fff; } .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
th, td { text-align: left;  padding: 8px 12px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: 13px; } th.num, td.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr:last-child td { border-bottom: 0; } tfoot tr:last-child td { font-weight: 600; }
a { color: var(--accent); }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; } td code, td:first-child a { white-space: nowrap; }
pre { margin: 0; overflow-x: auto; } pre code { overflow-wrap: normal; }
td.name a { white-space: normal; display: inline-block; min-width: 140px; }
label { display: block; margin: 12px 0 4px; font-weight: 500; }
input, select { width: 100%; padding: 9px 10px; border: 1px solid #a3acba; border-radius: 6px; font: inherit; background: #fff; }
input[type=radio], input[type=checkbox] { width: auto; }
.row { display: flex; gap: 12px; } .row > * { flex: 1; }
button { margin-top: 16px; padding: 10px 16px; border: 0; border-radius: 6px; background: var(--accent); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button.plain { background: #fff; color: var(--ink); border: 1px solid #a3acba; } button.wide { width: 100%; } td button { margin: 0; }
.badge { padding: 1px 8px; border-radius: 10px; font-size: 13px; white-space: nowrap; background: #fdf0d5; color: #6b4a00; }
.badge.good { background: #d7f5e3; color: #0b5a33; } .badge.bad { background: #fde2e2; color: #8a1c1c; }
.alert { padding: 10px 14px; border-radius: 6px; background: #fde2e2; color: #8a1c1c; }
nav { display: flex; gap: 16px; margin: 8px 0 16px; flex-wrap: wrap; }
@media (max-width: 480px) {
  header { padding: 12px 16px; font-size: 14px; } main { padding: 0 16px; margin: 16px auto; }
  section, .card { padding: 16px; } th, td { padding: 8px; } td.when { white-space: nowrap; }
}
`;
