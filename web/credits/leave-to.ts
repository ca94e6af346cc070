/** A way to a page of the payment provider, which refuses to be shown in a frame. */
export type WayOut = {
  to(url: string): void;
  /** There is nothing to go to after all. */
  close(): void;
};

/** Where a link to the provider opens. In another site's dashboard it may not take the dashboard's place: coming back
 *  leads to this service's own address, where such a frame's session does not exist. */
export const LINK_OUT = isFramed()
  ? ({ target: '_blank', rel: 'noopener' } as const)
  : ({ target: '_top' } as const);

/** Takes the way to the provider: a new tab when the page stands in a frame, which goes on following what happens
 *  there, else this window. To be called in the click itself, before the address is known, because browsers open no tab
 *  later than that. Where none may be opened at all it is the whole window. */
export function beginLeaving(): WayOut {
  const tab = isFramed() ? window.open('about:blank', '_blank') : null;
  return {
    to(url) {
      if (tab === null || tab.closed) {
        (window.top ?? window).location.href = url;
        return;
      }
      // The provider's page has no business with this one.
      tab.opener = null;
      tab.location.href = url;
    },
    close: () => tab?.close(),
  };
}

export function isFramed(): boolean {
  return window.self !== window.top;
}
