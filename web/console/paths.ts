/** Where the console is served, which may be below a path of the service's own. */
export const BASE = new URL('console', document.baseURI).pathname;

export function chargePath(id: string): string {
  return `/charges/${encodeURIComponent(id)}`;
}

export function accountPath(id: string): string {
  return `/accounts/${encodeURIComponent(id)}`;
}
