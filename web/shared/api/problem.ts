/** Why a call of the API failed: its own account of it, or that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 when there was no answer. */
  readonly status: number;
  /** The stable code of the problem; `unreachable` when there was no answer. */
  readonly code: string;
  readonly errors: readonly { path: string; detail: string }[];
  /** All members of the problem. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const code = typeof body['code'] === 'string' ? body['code'] : status === 0 ? 'unreachable' : 'internal';
    super(typeof body['detail'] === 'string' ? body['detail'] : code);
    this.status = status;
    this.code = code;
    this.body = body;
    this.errors = Array.isArray(body['errors']) ? (body['errors'] as ApiError['errors']) : [];
  }

  /** What may well succeed when it is asked again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** @param response undefined when none arrived. */
export function asApiError(error: unknown, response: Response | undefined): ApiError {
  if (error instanceof ApiError) return error;
  const body = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  return new ApiError(response?.status ?? 0, response === undefined ? {} : body);
}
