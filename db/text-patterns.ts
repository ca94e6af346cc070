/** A pattern for texts that contain the given one, in which nothing has a meaning of its own. */
export function toPattern(text: string): string {
  return `%${toStartPattern(text)}`;
}

/** The same for texts that begin with it. */
export function toStartPattern(text: string): string {
  return `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
