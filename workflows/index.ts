/** What workers run: every export is a workflow type. */
export { account } from './account.ts';
export { reconcile } from './reconcile.ts';
