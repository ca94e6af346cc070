import { connectApi } from '../shared/api/connect.ts';
import { showPage } from '../shared/page.tsx';
import { ConsolePage } from './console-page.tsx';
import { forgetSession, takeCode } from './session.ts';

// The session is a cookie, which the browser sends by itself.
const queries = connectApi({ token: () => null, onUnauthenticated: () => forgetSession(queries) });

takeCode();

showPage(queries, <ConsolePage />);
