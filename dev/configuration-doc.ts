import { writeFile } from 'node:fs/promises';
import { SETTINGS } from '../config.ts';

const HEAD = `# Configuration

Generated from \`config.ts\` by \`npm run docs:configuration\`; a test compares the two. All variables are checked at boot:
a process that cannot run with what it is given says which ones and why, and ends. \`npm start\` sets every one of them
for the local stack. An empty variable counts as unset.

| Variable | Required by | Default | Meaning |
|---|---|---|---|
`;

/** The page on configuration, made from the schema that the service itself checks. */
export function configurationDoc(): string {
  const rows = Object.entries(SETTINGS).map(([name, { requiredBy, schema, description }]) => {
    const unset = schema.safeParse(undefined);
    const standard = unset.success && unset.data !== undefined ? code(JSON.stringify(unset.data)) : '';
    return `| \`${name}\` | ${requiredBy.join(', ')} | ${standard} | ${description.replaceAll('|', '\\|')} |`;
  });
  return `${HEAD}${rows.join('\n')}\n`;
}

/** A default as it would be written into the environment: texts without their quotes. */
function code(json: string): string {
  return `\`${json.replace(/^"(.*)"$/, '$1')}\``;
}

if (import.meta.main) {
  await writeFile(new URL('../docs/configuration.md', import.meta.url), configurationDoc());
}
