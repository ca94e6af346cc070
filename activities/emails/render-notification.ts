import type { Notice } from '../../domain/notices.ts';
import { composeLetter } from './compose-letter.ts';
import { htmlPart } from './html-part.ts';
import type { Reader } from './language.ts';
import type { Links } from './letter.ts';
import { textPart } from './text-part.ts';

export type NotificationText = { title: string; body: string };
export type RenderedEmail = { subject: string; html: string; text: string };
export type RenderedNotification = NotificationText & { email: RenderedEmail };

/** The short text of a notice for the dashboard. The email opens with the same words. */
export function notificationText(notice: Notice, reader: Reader): NotificationText {
  const { title, body } = composeLetter(notice, reader, { creditsUrl: '' });
  return { title, body };
}

/** The email of a notice, with one button to the page where the reader can act. */
export async function renderEmail(notice: Notice, reader: Reader, links: Links): Promise<RenderedEmail> {
  const letter = composeLetter(notice, reader, links);
  return { subject: letter.title, html: await htmlPart(letter, reader), text: textPart(letter, reader) };
}

/** Both forms of a notice, from one source. */
export async function renderNotification(
  notice: Notice,
  reader: Reader,
  links: Links,
): Promise<RenderedNotification> {
  return { ...notificationText(notice, reader), email: await renderEmail(notice, reader, links) };
}
