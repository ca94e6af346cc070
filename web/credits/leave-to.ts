/** Leads to a page of the payment provider in the whole window: it refuses to be shown in a frame. */
export function leaveTo(url: string): void {
  (window.top ?? window).location.href = url;
}
