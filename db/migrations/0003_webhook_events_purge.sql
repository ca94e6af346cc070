CREATE INDEX "webhook_events_received_at" ON "webhook_events" USING btree ("received_at");
--> statement-breakpoint
-- By hand: what is older than Stripe could send again may be removed.
GRANT DELETE ON webhook_events TO auto_top_up_service;
