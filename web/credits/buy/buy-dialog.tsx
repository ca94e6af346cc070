import { Alert, Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Account } from '../../client/types.gen.ts';
import { ApiError } from '../../shared/api/problem.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { NO_BANNER } from '../../shared/ui/modal-attributes.ts';
import { sharedMessages } from '../../shared/messages.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { brandName } from '../brand-name.ts';
import { LINK_OUT } from '../leave-to.ts';
import { AmountQuote } from '../top-up/amount-quote.tsx';
import { faultOfAmount, faultsIn, type FieldFault } from '../top-up/field-errors.ts';
import { settingsMessages } from '../top-up/messages.ts';
import { QuantityInput } from '../top-up/quantity-input.tsx';
import { numberIn } from '../top-up/settings-values.ts';
import { WALLETS, type Wallet } from '../top-up/settings-types.ts';
import { useFaultTexts } from '../top-up/use-fault-text.ts';
import { buyMessages } from './messages.ts';
import { useBuy } from './use-buy.ts';

/** What the product's examples top up with. */
const FIRST_AMOUNT = { call_minutes: 50, chat_credits: 10 } as const;

/** Buys minutes or credits now, by the saved card or on the payment page. */
export function BuyDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useMessages(buyMessages);
  const shared = useMessages(sharedMessages);
  const names = useMessages(settingsMessages);
  const faultTexts = useFaultTexts();
  const card = account.paymentMethod;
  const [wallet, setWallet] = useState<Wallet>('call_minutes');
  const [amount, setAmount] = useState<number | string>(FIRST_AMOUNT.call_minutes);
  const [method, setMethod] = useState<'card' | 'checkout'>(card === null ? 'checkout' : 'card');
  const buy = useBuy(account.id, onClose);
  const [fault, setFault] = useState<FieldFault | null>(null);
  const faults =
    fault !== null ? { amount: fault } : buy.error instanceof ApiError ? faultsIn(buy.error) : {};
  const submit = () => {
    const number = numberIn(amount);
    const found = faultOfAmount(amount);
    setFault(found);
    if (number !== null && found === null) buy.mutate({ wallet, amount: number, method });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title')}
      closeButtonProps={{ 'aria-label': shared('close') }}
      attributes={NO_BANNER}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="lg">
          <Radio.Group
            label={t('what')}
            value={wallet}
            onChange={(value) => {
              const next = value;
              setWallet(next);
              setAmount(FIRST_AMOUNT[next]);
              setFault(null);
              buy.reset();
            }}
          >
            <Stack gap="xs" mt="xs">
              {WALLETS.map((one) => (
                <Radio key={one} value={one} label={names(one)} />
              ))}
            </Stack>
          </Radio.Group>
          <Stack gap={6}>
            <QuantityInput
              label={t('amount')}
              unit="€"
              value={amount}
              onChange={(value) => {
                setAmount(value);
                setFault(null);
                buy.reset();
              }}
              error={faultTexts(faults).amount}
            />
            <AmountQuote wallet={wallet} amount={amount} />
          </Stack>
          <Radio.Group
            label={t('how')}
            value={method}
            onChange={(value) => {
              setMethod(value);
              buy.reset();
            }}
          >
            <Stack gap="xs" mt="xs">
              {card !== null && (
                <Radio value="card" label={t('card', { brand: brandName(card.brand), last4: card.last4 })} />
              )}
              <Radio value="checkout" label={t('checkout')} description={t('checkoutHint')} />
            </Stack>
          </Radio.Group>
          <Refused error={buy.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={buy.isPending}>
              <SubmitText method={method} amount={amount} />
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function SubmitText({ method, amount }: { method: 'card' | 'checkout'; amount: number | string }) {
  const t = useMessages(buyMessages);
  const { euros } = useFormats();
  if (method === 'checkout') return t('buyCheckout');
  return typeof amount === 'number' ? t('buyCard', { amount: euros(amount) }) : t('buy');
}

/** Why nothing was bought; when another purchase is open, the way to it. */
function Refused({ error }: { error: Error | null }) {
  const t = useMessages(buyMessages);
  const textOf = useProblemText();
  if (error === null) return null;
  const openPage = error instanceof ApiError ? error.body['actionUrl'] : null;
  return (
    <Alert color="red" role="alert" title={t('failed')} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap="sm" align="flex-start">
        {textOf(error)}
        {typeof openPage === 'string' && (
          <Button component="a" href={openPage} {...LINK_OUT} variant="default">
            {t('openPage')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
