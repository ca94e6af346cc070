import { Table, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { BalanceHistory } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useUnits } from '../units.ts';
import { dayOf } from './day.ts';
import { ledgerMessages } from './messages.ts';

type Day = { day: string; atMs: number; balance: number; lowest: number; used: number; marks: string[] };

/** The chart as a table, day by day, for those who cannot see it and those who want the numbers. */
export function BalanceTable({ history, timeZone }: { history: BalanceHistory; timeZone: string }) {
  const t = useMessages(ledgerMessages);
  const { date } = useFormats();
  const units = useUnits();
  const days = useMemo(() => daysOf(history, timeZone), [history, timeZone]);
  const { wallet } = history;
  const nameOf = {
    top_up: 'legendMarkTopUp',
    'balance.alert': 'legendMarkAlert',
    'balance.depleted': 'legendMarkDepleted',
  } as const;
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
                <Table.Td>
                  {[...new Set(each.marks)].map((kind) => t(nameOf[kind as keyof typeof nameOf])).join(', ')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </details>
  );
}

/** Newest first. A bucket belongs to the day in which it ends. */
function daysOf({ points, marks }: BalanceHistory, timeZone: string): Day[] {
  const days = new Map<string, Day>();
  for (const { at, balance, lowest, used } of points) {
    const atMs = Date.parse(at) - 1;
    const day = dayOf(atMs, timeZone);
    const known = days.get(day);
    days.set(day, {
      day,
      atMs,
      balance,
      lowest: Math.min(known?.lowest ?? lowest, lowest),
      used: Math.round(((known?.used ?? 0) + used) * 1_000) / 1_000,
      marks: [],
    });
  }
  for (const { at, kind } of marks) days.get(dayOf(Date.parse(at), timeZone))?.marks.push(kind);
  return [...days.values()].toReversed();
}
