import { connectApi } from '../shared/api/connect.ts';
import { showPage } from '../shared/page.tsx';
import { CreditsPage } from './credits-page.tsx';
import { beginSession, currentSession, endSession, subscribe } from './session.ts';

beginSession();

const queries = connectApi({
  token: () => {
    const session = currentSession();
    return session.status === 'open' ? session.token : null;
  },
  onUnauthenticated: endSession,
});
// Nothing of one account is shown, or sent, under the token of another.
subscribe(() => queries.clear());

showPage(queries, <CreditsPage />);
