import { lazyPart } from './lazy-part.tsx';

/** The corner in which toasts are shown. Nobody waits for one when the page opens: it is loaded when the page has nothing
 *  else to do, or by the first toast. */
export const Toasts = lazyPart(async () => (await import('@mantine/notifications')).Notifications, {
  onFailure: 'nothing',
  isPatient: true,
});
