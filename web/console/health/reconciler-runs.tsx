import { Paper, Table, Text, Title } from '@mantine/core';
import type { Reconciliation } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { healthMessages } from './messages.ts';

/** What comparing the books with Stripe came to. */
export function ReconcilerRuns({ runs }: { runs: readonly Reconciliation[] }) {
  const t = useMessages(healthMessages);
  const formats = useFormats();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="xs">
        {t('reconciler')}
      </Title>
      {runs.length === 0 ? (
        <Text size="sm">{t('reconcilerNever')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table aria-label={t('reconciler')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('runAt')}</Table.Th>
                <Table.Th>{t('scope')}</Table.Th>
                <Table.Th ta="end">{t('compared')}</Table.Th>
                <Table.Th ta="end">{t('repaired')}</Table.Th>
                <Table.Th ta="end">{t('reported')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.map((run) => (
                <Table.Tr key={run.id}>
                  <Table.Td>
                    {formats.dateTime(run.startedAt)}
                    {run.finishedAt === null && (
                      <Text size="xs" c="dimmed">
                        {t('running')}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{t(`scope_${run.scope}`)}</Table.Td>
                  <Table.Td ta="end">{formats.number(run.compared)}</Table.Td>
                  <Table.Td ta="end">{formats.number(run.repaired)}</Table.Td>
                  <Table.Td ta="end">{formats.number(run.reported)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}
