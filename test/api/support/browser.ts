import type { FastifyInstance, InjectOptions } from 'fastify';

export type BrowserAnswer = {
  status: number;
  location: string | undefined;
  setCookies: string[];
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
};

/** Requests as a page of the service makes them: with the cookies that fit the path, and with what a browser says of
 *  where they come from. */
export function createBrowser(app: FastifyInstance) {
  const jar = new Map<string, { value: string; path: string }>();
  const send = async (
    method: NonNullable<InjectOptions['method']>,
    url: string,
    { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
  ): Promise<BrowserAnswer> => {
    const { pathname } = new URL(url, 'http://x');
    const fitting = [...jar].filter(([, { path }]) => pathname === path || pathname.startsWith(`${path}/`));
    const cookie = fitting.map(([name, { value }]) => `${name}=${value}`).join('; ');
    const response = await app.inject({
      method,
      url,
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    for (const { name, value, path, maxAge, expires } of response.cookies) {
      const isOver = maxAge === 0 || (expires !== undefined && expires.getTime() <= Date.now());
      if (isOver) jar.delete(name);
      else jar.set(name, { value, path: path ?? '/' });
    }
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      location: response.headers.location,
      setCookies: [response.headers['set-cookie'] ?? []].flat(),
      body: isJson ? response.json() : response.body,
    };
  };
  return { jar, send };
}
