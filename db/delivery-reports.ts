import type { DeliveryReports } from '../api/ports.ts';
import type { Database } from './connect.ts';

/** Notes on a mail's delivery what became of it. A bounce or a complaint marks it as rejected whatever came
 *  before; a delivery is noted only while nothing worse is known, so the order of the reports does not matter. */
export function createDeliveryReports(db: Database): DeliveryReports {
  return {
    async reportDelivery({ deliveryId, status, detail }) {
      const text = detail === null ? status : `${status}: ${detail}`;
      const rows =
        status === 'delivered'
          ? await db.sql`
              update deliveries set detail = ${text}, updated_at = now()
              where delivery_id = ${deliveryId} and status <> 'rejected' returning 1`
          : await db.sql`
              update deliveries set status = 'rejected', detail = ${text}, updated_at = now()
              where delivery_id = ${deliveryId} returning 1`;
      return rows.length > 0 ? 'recorded' : 'unrelated';
    },
  };
}
