import { Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { BalanceHistory } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useUnits } from '../units.ts';
import { balanceDays } from './days.ts';
import { ledgerMessages } from './messages.ts';

/** The chart as a table, day by day, for those who cannot see it and those who want the numbers. */
export function BalanceTable({ history, timeZone }: { history: BalanceHistory; timeZone: string }) {
  const t = useMessages(ledgerMessages);
  const { date } = useFormats();
  const units = useUnits();
  const days = useMemo(() => balanceDays(history, timeZone), [history, timeZone]);
  const { wallet } = history;
  if (days.length === 0) return null;
  return (
    <details data-testid="balance-table">
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {t('asTable')}
      </Text>
      <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table striped fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('day')}</Table.Th>
              <Table.Th scope="col">{t('used')}</Table.Th>
              <Table.Th scope="col">{t('lowest')}</Table.Th>
              <Table.Th scope="col">{t('atEnd')}</Table.Th>
              <Table.Th scope="col">{t('happened')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {days.map((each) => (
              <Table.Tr key={each.day}>
                <Table.Th scope="row" fw={400}>
                  {date(each.atMs)}
                </Table.Th>
                <Table.Td>{units(wallet, each.used)}</Table.Td>
                <Table.Td>{units(wallet, each.lowest)}</Table.Td>
                <Table.Td>{units(wallet, each.balance)}</Table.Td>
                <Table.Td>{[...each.marks].map((kind) => t(NAMES[kind])).join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}

const NAMES = {
  top_up: 'legendMarkTopUp',
  'balance.alert': 'legendMarkAlert',
  'balance.depleted': 'legendMarkDepleted',
} as const;
