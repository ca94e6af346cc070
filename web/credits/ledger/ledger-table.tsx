import { Table, Text } from '@mantine/core';
import type { LedgerEntry } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { ledgerMessages } from './messages.ts';

/** Entries of one wallet, newest first. */
export function LedgerTable({ entries }: { entries: readonly LedgerEntry[] }) {
  const t = useMessages(ledgerMessages);
  const { dateTime, number } = useFormats();
  return (
    <Table
      className="flush"
      verticalSpacing="xs"
      horizontalSpacing={3}
      fz={{ base: 'xs', sm: 'sm' }}
      captionSide="top"
      data-testid="ledger"
    >
      <Table.Caption mt={0} ta="left">
        {t(entries[0]?.wallet === 'chat_credits' ? 'inCredits' : 'inMinutes')}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('when')}</Table.Th>
          <Table.Th scope="col">{t('kind')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('change')}
          </Table.Th>
          <Table.Th scope="col" ta="right">
            {t('balance')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.seq}>
            <Table.Td>
              <time dateTime={entry.createdAt}>{dateTime(entry.createdAt)}</time>
            </Table.Td>
            <Table.Td miw="6em">
              <What entry={entry} />
            </Table.Td>
            <Table.Td ta="right" style={FIGURES} fw={entry.units > 0 ? 600 : undefined}>
              {entry.units > 0 ? '+' : ''}
              {number(entry.units, 3)}
            </Table.Td>
            <Table.Td ta="right" style={FIGURES}>
              {number(entry.balanceAfter, 3)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Digits below each other. */
const FIGURES = { fontVariantNumeric: 'tabular-nums' } as const;

function What({ entry: { kind, type, source, reason } }: { entry: LedgerEntry }) {
  const t = useMessages(ledgerMessages);
  const key = `type_${type}`;
  const what = kind === 'usage' && isKey(key) ? t(key) : t(`kind_${kind}`);
  const more = [source === null ? '' : t(`source_${source}`), reason ?? ''].filter((text) => text !== '');
  return (
    <>
      <Text inherit>{what}</Text>
      {more.length > 0 && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {more.join(' · ')}
        </Text>
      )}
    </>
  );
}

function isKey(key: string): key is keyof (typeof ledgerMessages)['en'] {
  return key in ledgerMessages.en;
}
