/** The address of a path of this service as the world sees it: the service may be reached below a path of its own.
 *  @param path begins with a slash. */
export function publicAddress(publicUrl: string, path: string): string {
  return `${publicUrl.replace(/\/$/, '')}${path}`;
}

/** The same without the origin: what cookies and redirects name. */
export function publicPath(publicUrl: string, path: string): string {
  return new URL(publicAddress(publicUrl, path)).pathname;
}
