export * from './schema/access.ts';
export * from './schema/accounts.ts';
export * from './schema/ledger.ts';
export * from './schema/notifications.ts';
export * from './schema/operations.ts';
export * from './schema/reversals.ts';
export * from './schema/top-ups.ts';
export * from './schema/wakes.ts';
