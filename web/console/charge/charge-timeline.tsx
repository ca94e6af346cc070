import { Text, Timeline } from '@mantine/core';
import type { ChargeAttempt, OperatorTopUp, TopUpStory } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useDeclineWords } from '../words/declines.ts';
import { useWords } from '../words/use-words.ts';
import { chargeMessages } from './messages.ts';

type Notice = TopUpStory['notices'][number];
type Happening = { at: string; title: string; lines: string[] };

/** All that happened to a charge, oldest first. */
export function ChargeTimeline({ charge, notices }: { charge: OperatorTopUp; notices: readonly Notice[] }) {
  const formats = useFormats();
  const attemptLines = useAttemptLines();
  const noticeLines = useNoticeLines();
  const milestones = useMilestones(charge);
  const t = useMessages(chargeMessages);
  const happenings: Happening[] = [
    ...milestones,
    ...charge.attemptLog.map((attempt) => ({
      at: attempt.startedAt,
      title: t('event_attempt', { number: attempt.attempt }),
      lines: attemptLines(attempt),
    })),
    ...notices.map((notice) => ({
      at: notice.createdAt,
      title: t('event_told', { title: notice.title }),
      lines: noticeLines(notice),
    })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  return (
    <Timeline
      bulletSize={14}
      lineWidth={2}
      active={happenings.length}
      styles={{ itemTitle: { lineHeight: 1.4 } }}
    >
      {happenings.map(({ at, title, lines }, number) => (
        <Timeline.Item key={`${at} ${number}`} title={title}>
          {lines.map((line) => (
            <Text key={line} size="sm">
              {line}
            </Text>
          ))}
          <Text size="xs" c="dimmed">
            {formats.dateTime(at)}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function useMilestones(charge: OperatorTopUp): Happening[] {
  const t = useMessages(chargeMessages);
  const words = useWords();
  const formats = useFormats();
  const { amount, units, wallet, trigger } = charge;
  const bought = { amount: formats.euros(amount), units: words.units(wallet, units) };
  const made = {
    title: t(trigger === 'auto' ? 'event_made' : 'event_made_by', bought),
    at: charge.createdAt,
  };
  const later = [
    { title: t('event_cancel'), at: charge.cancelRequestedAt },
    { title: t('event_paid'), at: charge.paidAt },
    { title: t('event_credited', { units: bought.units }), at: charge.creditedAt },
    { title: t('event_closed'), at: charge.closedAt },
  ];
  return [
    { ...made, lines: [words.code('trigger', trigger)] },
    ...later.flatMap(({ title, at }) => (at === null ? [] : [{ title, at, lines: [] }])),
  ];
}

function useAttemptLines(): (attempt: ChargeAttempt) => string[] {
  const t = useMessages(chargeMessages);
  const declineWords = useDeclineWords();
  return ({ outcome, declineCode, failure }) => {
    if (outcome === 'declined') {
      const reason = declineWords(failure, declineCode, false).means.replace(/\.$/, '');
      return [
        t('outcome_declined', { reason }),
        ...(declineCode === null ? [] : [t('code', { code: declineCode })]),
      ];
    }
    const key = `outcome_${outcome ?? 'none'}`;
    return [isKnown(key) ? t(key) : (outcome ?? '')];
  };
}

function isKnown(key: string): key is keyof (typeof chargeMessages)['en'] {
  return key in chargeMessages.en;
}

function useNoticeLines(): (notice: Notice) => string[] {
  const t = useMessages(chargeMessages);
  const words = useWords();
  return ({ email }) => {
    if (email === null) return [];
    const fate = words.code('mail', email.status);
    const detail = email.detail === null ? fate : `${fate} (${email.detail})`;
    return [t('mail', { fate: email.ambiguous ? `${detail}, ${t('mailTwice')}` : detail })];
  };
}
