import { connectApi } from '../shared/api/connect.ts';
import { showPage } from '../shared/page.tsx';
import { CreditsPage } from './credits-page.tsx';
import { askForFirstView } from './first-view.ts';
import { takeReturned } from './returned.ts';
import { router } from './router.tsx';
import { beginSession, currentSession, endSession, subscribe } from './session.ts';

beginSession();
takeReturned();

const queries = connectApi({
  token: () => {
    const session = currentSession();
    return session.status === 'open' ? session.token : null;
  },
  onUnauthenticated: endSession,
});

function begin(): void {
  const session = currentSession();
  if (session.status !== 'open') return;
  const isFirst = location.pathname.replace(/\/$/, '') === router.basepath.replace(/\/$/, '');
  askForFirstView(queries, session.accountId, isFirst);
}

// Nothing of one account is shown, or sent, under the token of another.
subscribe(() => {
  queries.clear();
  begin();
});
begin();

showPage(queries, <CreditsPage />);
