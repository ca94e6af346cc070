import { useState } from 'react';
import { remember, remembered } from '../../shared/remembered.ts';
import type { Filters } from './filters.ts';

export type SavedView = { readonly name: string; readonly filters: Filters };

const STORED = 'console.views';

/** Filters under a name, kept by this browser. */
export function useSavedViews() {
  const [views, setViews] = useState<readonly SavedView[]>(read);
  const change = (next: readonly SavedView[]) => {
    remember(STORED, JSON.stringify(next));
    setViews(next);
  };
  return {
    views,
    save: (view: SavedView) => change([...views.filter(({ name }) => name !== view.name), view]),
    remove: (name: string) => change(views.filter((view) => view.name !== name)),
  };
}

/** What another release or another hand has left there is ignored. */
function read(): SavedView[] {
  try {
    const stored: unknown = JSON.parse(remembered(STORED) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, filters } = value as Partial<SavedView>;
  return typeof name === 'string' && typeof filters === 'object' && filters !== null;
}
