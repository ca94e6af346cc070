import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stack traces of failures are encrypted as well: a provider's message may quote an address. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
