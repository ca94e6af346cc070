import { Table, Text } from '@mantine/core';
import type { LedgerEntry } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useUnits } from '../units.ts';
import { ledgerMessages } from './messages.ts';

/** Entries of one wallet, newest first. */
export function LedgerTable({ entries }: { entries: readonly LedgerEntry[] }) {
  const t = useMessages(ledgerMessages);
  const { dateTime } = useFormats();
  const units = useUnits();
  return (
    <Table verticalSpacing="xs" horizontalSpacing={4} fz="sm" data-testid="ledger">
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
            <Table.Td>
              <What entry={entry} />
            </Table.Td>
            <Table.Td ta="right" fw={entry.units > 0 ? 600 : undefined}>
              {entry.units > 0 ? '+' : ''}
              {units(entry.wallet, entry.units)}
            </Table.Td>
            <Table.Td ta="right">{units(entry.wallet, entry.balanceAfter)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function What({ entry: { kind, type, source, reason } }: { entry: LedgerEntry }) {
  const t = useMessages(ledgerMessages);
  const key = `type_${type}`;
  const what = kind === 'usage' && isKey(key) ? t(key) : t(`kind_${kind}`);
  const more = [source === null ? '' : t(`source_${source}`), reason ?? ''].filter((text) => text !== '');
  return (
    <>
      <Text size="sm">{what}</Text>
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
