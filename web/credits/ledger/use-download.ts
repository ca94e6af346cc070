import { useMutation } from '@tanstack/react-query';
import { exportLedger } from '../../client/sdk.gen.ts';
import type { ExportLedgerData } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useProblemText } from '../../shared/use-problem-text.ts';
import { useOpenSession } from '../account.ts';
import { ledgerMessages } from './messages.ts';

/** Saves the entries as a file. A link could not carry the token, so the page fetches it and hands it over. */
export function useDownload() {
  const t = useMessages(ledgerMessages);
  const { accountId } = useOpenSession();
  const announce = useAnnounce();
  const toast = useToast();
  const textOf = useProblemText();
  return useMutation({
    mutationFn: async (query: ExportLedgerData['query']) => {
      const path = { id: accountId };
      const { data } = await exportLedger({ path, query, parseAs: 'blob', throwOnError: true });
      return data as unknown as Blob;
    },
    onSuccess: (file) => {
      save(file, `ledger-${accountId}.csv`);
      announce(t('downloaded'));
    },
    onError: (error) => void toast({ message: textOf(error), tone: 'bad' }),
  });
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
