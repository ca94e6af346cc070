import { useEffect } from 'react';
import type { ListNotificationsResponse } from '../client/types.gen.ts';

export type Notification = ListNotificationsResponse['items'][number];

/** Every list of notifications, however it is filtered. */
export const NOTIFICATION_LISTS = [{ _id: 'listNotifications' }];

const listeners = new Set<(notification: Notification) => void>();

/** Tells the parts of the page of a notification that is new, or was read elsewhere. */
export function tellNews(notification: Notification): void {
  for (const listener of listeners) listener(notification);
}

/** Hears of notifications as they come over the stream.
 *  @param listener the same function from render to render, or it subscribes anew each time. */
export function useNews(listener: (notification: Notification) => void): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [listener]);
}
