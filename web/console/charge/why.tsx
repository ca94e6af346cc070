import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { TopUpStory, Wallet } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useWords } from '../words/use-words.ts';
import { Fact } from '../fact.tsx';
import { chargeMessages } from './messages.ts';

/** What the decision rested on. */
export function Why({ wallet, why }: { wallet: Wallet; why: TopUpStory['why'] }) {
  const t = useMessages(chargeMessages);
  const words = useWords();
  const formats = useFormats();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="sm">
        {t('why')}
      </Title>
      {why === null ? (
        <Text size="sm">{t('whyNone')}</Text>
      ) : (
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t(`cause_${why.cause}`)}
          </Text>
          <Fact label={t('whyBalance')}>{words.units(wallet, why.balance)}</Fact>
          <Fact label={t('whyTarget')}>{words.units(wallet, why.target)}</Fact>
          <Fact label={t('whyEntry')}>{formats.number(why.entry)}</Fact>
          {why.settings !== null && (
            <div>
              <Text size="sm" c="dimmed">
                {t('whySettings', { version: why.settings.version })}
              </Text>
              <Text size="sm">
                {t('settingsText', {
                  below: words.units(wallet, why.settings.topUpBelow),
                  amount: formats.euros(why.settings.amount),
                  alert: words.units(wallet, why.settings.alertBelow),
                  cap: why.settings.monthlyCap === null ? t('noCap') : formats.euros(why.settings.monthlyCap),
                })}
              </Text>
            </div>
          )}
        </Stack>
      )}
    </Paper>
  );
}

/** What it has booked. */
export function Entries({ entries }: { entries: TopUpStory['entries'] }) {
  const t = useMessages(chargeMessages);
  const words = useWords();
  const formats = useFormats();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="sm">
        {t('entries')}
      </Title>
      {entries.length === 0 ? (
        <Text size="sm">{t('noEntries')}</Text>
      ) : (
        <Table aria-label={t('entries')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('entry')}</Table.Th>
              <Table.Th ta="end">{t('change')}</Table.Th>
              <Table.Th ta="end">{t('after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={`${entry.wallet} ${entry.seq}`}>
                <Table.Td title={formats.dateTime(entry.createdAt)}>{formats.number(entry.seq)}</Table.Td>
                <Table.Td ta="end">{words.units(entry.wallet, entry.units)}</Table.Td>
                <Table.Td ta="end">{words.units(entry.wallet, entry.balanceAfter)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
