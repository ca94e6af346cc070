export type ServerEvent = { readonly event: string; readonly data: string };

/** @returns takes the text of a stream in pieces of any size. */
export function createParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let unread = '';
  return (text) => {
    unread += text;
    const blocks = unread.split(/\r?\n\r?\n/);
    unread = blocks.pop() ?? '';
    for (const block of blocks) {
      let event = 'message';
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        const [, field, value = ''] = /^(event|data): ?(.*)$/.exec(line) ?? [];
        if (field === 'event') event = value;
        else if (field === 'data') data.push(value);
      }
      if (data.length > 0) onEvent({ event, data: data.join('\n') });
    }
  };
}
