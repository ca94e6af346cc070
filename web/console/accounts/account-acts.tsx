import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { adjustBalance, resumeAccount, sendTestAlert, suspendAccount } from '../../client/sdk.gen.ts';
import type { OperatorAccount, Wallet } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { ActDialog } from '../acts/act-dialog.tsx';
import { useWords } from '../words/use-words.ts';
import { accountMessages } from './messages.ts';

type Act = 'suspend' | 'resume' | 'adjust' | 'test';

/** What can be done with an account. */
export function AccountActs({ account }: { account: OperatorAccount }) {
  const t = useMessages(accountMessages);
  const [open, setOpen] = useState<Act | null>(null);
  const { suspension } = account;
  const { id, email } = account.account;
  const close = () => setOpen(null);
  return (
    <Group gap="xs">
      {suspension !== null && <Button onClick={() => setOpen('resume')}>{t('resume')}</Button>}
      {suspension?.reason !== 'operator' && (
        <Button variant="default" onClick={() => setOpen('suspend')}>
          {t('suspend')}
        </Button>
      )}
      <Button variant="default" onClick={() => setOpen('adjust')}>
        {t('adjust')}
      </Button>
      <Button variant="default" onClick={() => setOpen('test')}>
        {t('test')}
      </Button>
      {(open === 'suspend' || open === 'resume') && <SwitchDialog id={id} act={open} onClose={close} />}
      {open === 'adjust' && <AdjustDialog id={id} onClose={close} />}
      {open === 'test' && <TestDialog id={id} email={email} onClose={close} />}
    </Group>
  );
}

function SwitchDialog({ id, act, onClose }: { id: string; act: 'suspend' | 'resume'; onClose: () => void }) {
  const t = useMessages(accountMessages);
  const call = act === 'suspend' ? suspendAccount : resumeAccount;
  return (
    <ActDialog
      title={t(`${act}Title`)}
      explanation={t(`${act}Text`)}
      confirm={t(act).replace(/ …$/, '')}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        await call({ path: { id }, body: { reason }, headers, throwOnError: true });
        return t(act === 'suspend' ? 'suspended' : 'resumed');
      }}
    />
  );
}

function WalletSelect({ wallet, onChange }: { wallet: Wallet; onChange: (wallet: Wallet) => void }) {
  const t = useMessages(accountMessages);
  const words = useWords();
  return (
    <NativeSelect
      label={t('wallet')}
      value={wallet}
      onChange={(event) => onChange(event.currentTarget.value as Wallet)}
      data={(['call_minutes', 'chat_credits'] as const).map((value) => ({
        value,
        label: words.wallet(value),
      }))}
    />
  );
}

function AdjustDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useMessages(accountMessages);
  const words = useWords();
  const [wallet, setWallet] = useState<Wallet>('call_minutes');
  const [typed, setTyped] = useState('');
  const text = typed.trim().replace(',', '.').replace('−', '-');
  const units = Number(text);
  const isReady = /^-?\d{1,7}(\.\d{1,3})?$/.test(text) && units !== 0;
  return (
    <ActDialog
      title={t('adjustTitle')}
      explanation={t('adjustText')}
      confirm={t('adjust').replace(/ …$/, '')}
      isReady={isReady}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        const body = { wallet, units, reason };
        const { data } = await adjustBalance({ path: { id }, body, headers, throwOnError: true });
        return t('adjusted', { balance: words.units(wallet, data.balance) });
      }}
    >
      <WalletSelect wallet={wallet} onChange={setWallet} />
      <TextInput
        label={t('adjustUnits')}
        inputMode="text"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </ActDialog>
  );
}

function TestDialog({ id, email, onClose }: { id: string; email: string; onClose: () => void }) {
  const t = useMessages(accountMessages);
  const [wallet, setWallet] = useState<Wallet>('call_minutes');
  return (
    <ActDialog
      title={t('testTitle')}
      explanation={t('testText', { email })}
      confirm={t('test').replace(/ …$/, '')}
      onClose={onClose}
      act={async ({ reason, headers }) => {
        const body = { wallet, reason };
        const { data } = await sendTestAlert({ path: { id }, body, headers, throwOnError: true });
        return data.mail === 'muted' ? t('testMuted') : t('testSent', { to: data.to });
      }}
    >
      <WalletSelect wallet={wallet} onChange={setWallet} />
    </ActDialog>
  );
}
