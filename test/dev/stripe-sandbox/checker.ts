import { resolveStripeMock, type StripeMockParts, StripeMockUnavailable } from '../../../dev/stripe-mock.ts';

/** stripe-mock with Stripe's OpenAPI document, or the reason why it is not there. */
export type Checker = ({ status: 'ready' } & StripeMockParts) | { status: 'missing'; reason: string };

export const checker: Checker = await find();

/** Without Go a person's tests go on and say what was left out; on CI the tests that need it fail. */
export const checkerIsMissing = checker.status === 'missing' && process.env['CI'] === undefined;

if (checker.status === 'missing') console.log(checker.reason);

export function needChecker(found: Checker): StripeMockParts {
  if (found.status === 'missing') throw new Error(found.reason);
  return found;
}

async function find(): Promise<Checker> {
  try {
    return { status: 'ready', ...(await resolveStripeMock()) };
  } catch (error) {
    if (error instanceof StripeMockUnavailable) return { status: 'missing', reason: error.message };
    throw error;
  }
}
