/** Every problem that the API answers with: its code is stable, its title is for people. */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON' },
  malformed_request: { status: 400, title: 'The request cannot be understood' },
  malformed_if_match: { status: 400, title: 'If-Match is not a version' },
  invalid_signature: { status: 400, title: 'The signature does not fit' },
  unauthenticated: { status: 401, title: 'Valid credentials are needed' },
  insufficient_balance: { status: 402, title: 'The balance does not suffice' },
  forbidden: { status: 403, title: 'This key or token may not do that' },
  cross_site: { status: 403, title: 'The request comes from another site' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  account_unknown: { status: 404, title: 'There is no such account' },
  top_up_unknown: { status: 404, title: 'There is no such top-up' },
  notification_unknown: { status: 404, title: 'There is no such notification' },
  mail_unknown: { status: 404, title: 'There is no such mail' },
  webhook_delivery_unknown: { status: 404, title: 'There is no such webhook' },
  finding_unknown: { status: 404, title: 'There is no such finding' },
  hold_unknown: { status: 404, title: 'There is no such hold' },
  method_not_allowed: { status: 405, title: 'This address does not know the method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  no_payment_method: { status: 409, title: 'No card is saved' },
  top_up_not_refundable: { status: 409, title: 'That much of the top-up cannot be refunded' },
  idempotency_conflict: { status: 409, title: 'The key was used for another request' },
  grant_conflict: { status: 409, title: 'The grant was made before with other content' },
  top_up_settled: { status: 409, title: 'The top-up has been paid' },
  top_up_in_flight: { status: 409, title: 'Another top-up of the wallet is open' },
  already_retried: { status: 409, title: 'The top-up has been tried again by another one' },
  not_retryable: { status: 409, title: 'The top-up cannot be tried again by an operator' },
  cancel_requested: { status: 409, title: 'The top-up is being canceled' },
  mail_not_replayable: { status: 409, title: 'The mail has been sent or is being sent' },
  not_resumable: { status: 409, title: 'Only an operator can lift this suspension' },
  stale_version: { status: 412, title: 'The settings have changed since they were read' },
  body_too_large: { status: 413, title: 'The body is too large' },
  address_too_long: { status: 414, title: 'The address is too long' },
  unsupported_media_type: { status: 415, title: 'The body has to be application/json' },
  invalid_request: { status: 422, title: 'The request does not fit the schema' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  too_many_streams: { status: 429, title: 'Too many open streams' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something broke on our side' },
  provider_unavailable: { status: 503, title: 'The payment provider does not answer' },
  overloaded: { status: 503, title: 'More is waiting than can be taken' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with the request. `path` is the field in the body such as `events.3.seconds`, or
 *  begins with `query.` or `header.`; empty for the body as a whole. */
export type FieldError = { path: string; detail: string };

export type ProblemOptions = {
  detail?: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
  /** Further members of the problem, such as the version that is current. */
  extensions?: Readonly<Record<string, unknown>>;
  cause?: unknown;
};

/** Thrown by routes and hooks; the error handler turns it into `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? PROBLEMS[code].title, { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The problem as it goes over the wire. */
export function problemJson(problem: Problem, requestId: string): string {
  const { detail, errors, extensions } = problem.options;
  return JSON.stringify({
    ...extensions,
    type: problemType(problem.code),
    title: PROBLEMS[problem.code].title,
    status: problem.status,
    code: problem.code,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    requestId,
  });
}

function problemType(code: ProblemCode): string {
  return `urn:auto-top-up:problem:${code}`;
}
