import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MailerRetryableError } from '../mailer-errors.ts';
import { ProviderError } from '../payment-errors.ts';

type AnyActivity = (input: never) => Promise<unknown>;

/** Tells Temporal what a fault means: when to try again, and which ones are everyday noise. The type of a failure
 *  is the error's name, so that people can look for it. */
export function withTemporalFaults<A extends Record<string, AnyActivity>>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: never) => {
      try {
        return await activity(input);
      } catch (error) {
        throw asFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}

function asFailure(error: unknown): unknown {
  if (error instanceof ProviderError) {
    return ApplicationFailure.create({
      type: `${error.name}.${error.kind}`,
      message: error.message,
      details: [error.details],
      cause: error,
      ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
      ...(error.kind === 'busy' ? { category: ApplicationFailureCategory.BENIGN } : {}),
    });
  }
  if (error instanceof MailerRetryableError) {
    return ApplicationFailure.create({
      type: error.name,
      message: error.message,
      cause: error,
      nextRetryDelay: error.retryAfterMs,
      category: ApplicationFailureCategory.BENIGN,
    });
  }
  return error;
}
