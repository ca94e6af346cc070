import type { FastifyInstance } from 'fastify';
import type { Door } from '../dispatch.ts';
import { checkoutPages } from './checkout.ts';
import { dashboardPages } from './dashboard.ts';
import { invoicePages } from './invoice.ts';
import { portalPages } from './portal.ts';
import { threeDSecurePages } from './three-d-secure.ts';

/** The pages for people, all in plain HTML without a script. */
export function pageRoutes(app: FastifyInstance, door: Door): void {
  dashboardPages(app, door);
  invoicePages(app, door);
  threeDSecurePages(app, door);
  checkoutPages(app, door);
  portalPages(app, door);
}
