import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconAlertTriangle, IconCreditCard } from '@tabler/icons-react';
import { useRef } from 'react';
import { openPaymentMethodPage } from '../../client/sdk.gen.ts';
import type { Account } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { brandName } from '../brand-name.ts';
import { beginLeaving, type WayOut } from '../leave-to.ts';
import { walletMessages } from './wallet-messages.ts';

const SOON_MONTHS = 2;

/** The card on file, and the pages on which it and the billing profile are changed. */
export function PaymentMethod({ account }: { account: Account }) {
  const t = useMessages(walletMessages);
  const textOf = useProblemText();
  const open = useOpenPage(account.id);
  const card = account.paymentMethod;
  return (
    <Paper component="section" withBorder p={{ base: 'md', sm: 'lg' }} aria-labelledby="payment-method">
      <Stack gap="md">
        <Title order={2} size="h3" id="payment-method">
          {t('paymentTitle')}
        </Title>
        <Group justify="space-between" gap="md">
          {card === null ? (
            <Text>{t('noCard')}</Text>
          ) : (
            <Group gap="sm" wrap="nowrap">
              <IconCreditCard size={28} aria-hidden />
              <div>
                <Text fw={600}>{t('card', { brand: brandName(card.brand), last4: card.last4 })}</Text>
                <Text size="sm" c="dimmed">
                  {t('expires', expiryOf(card))}
                </Text>
              </div>
            </Group>
          )}
          <Group gap="sm">
            <Button
              variant={card === null ? 'filled' : 'default'}
              loading={open.isPending && open.variables === 'card'}
              onClick={() => open.mutate('card')}
            >
              {t(card === null ? 'addCard' : 'replaceCard')}
            </Button>
            <Button
              variant="default"
              loading={open.isPending && open.variables === 'profile'}
              onClick={() => open.mutate('profile')}
            >
              {t('billingProfile')}
            </Button>
          </Group>
        </Group>
        {open.error !== null && (
          <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />}>
            {textOf(open.error)}
          </Alert>
        )}
        <Text size="xs" c="dimmed">
          {t('hosted')}
        </Text>
      </Stack>
    </Paper>
  );
}

/** Opens Stripe's page for a card or for the billing profile. */
export function useOpenPage(accountId: string) {
  const wayOut = useRef<WayOut>(null);
  const open = useMutation({
    mutationFn: async (purpose: 'card' | 'profile') => {
      const { data } = await openPaymentMethodPage({
        path: { id: accountId },
        body: { for: purpose },
        throwOnError: true,
      });
      return data;
    },
    onSuccess: ({ url }) => wayOut.current?.to(url),
    onError: () => wayOut.current?.close(),
  });
  return {
    ...open,
    mutate(purpose: 'card' | 'profile') {
      wayOut.current = beginLeaving();
      open.mutate(purpose);
    },
  };
}

type Card = NonNullable<Account['paymentMethod']>;

/** @returns null while the card is valid for a good while. */
export function expiryState({ expMonth, expYear }: Card, now = new Date()): 'expired' | 'soon' | null {
  const monthsLeft = (expYear - now.getFullYear()) * 12 + (expMonth - 1 - now.getMonth());
  if (monthsLeft < 0) return 'expired';
  return monthsLeft < SOON_MONTHS ? 'soon' : null;
}

export function expiryOf({ expMonth, expYear }: Card): { month: string; year: string } {
  return { month: String(expMonth).padStart(2, '0'), year: String(expYear) };
}
