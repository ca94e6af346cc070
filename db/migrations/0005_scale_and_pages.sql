CREATE TABLE "archives" (
	"archive_id" text PRIMARY KEY NOT NULL,
	"file_name" text NOT NULL,
	"sha256" text NOT NULL,
	"entries" integer NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_checkpoints" (
	"account_id" text NOT NULL,
	"wallet" text NOT NULL,
	"seq" bigint NOT NULL,
	"balance_after" bigint NOT NULL,
	"archive_id" text NOT NULL,
	CONSTRAINT "ledger_checkpoints_account_id_wallet_pk" PRIMARY KEY("account_id","wallet")
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"account_id" text NOT NULL,
	"hold_id" text NOT NULL,
	"wallet" text NOT NULL,
	"state" text NOT NULL,
	"source" text,
	"quantity" bigint NOT NULL,
	"available" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"balance" bigint NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp(3) with time zone,
	CONSTRAINT "holds_account_id_hold_id_pk" PRIMARY KEY("account_id","hold_id"),
	CONSTRAINT "holds_wallet" CHECK ("holds"."wallet" in ('call_minutes', 'chat_credits')),
	CONSTRAINT "holds_state" CHECK ("holds"."state" in ('held', 'settled', 'released', 'refused')),
	CONSTRAINT "holds_source" CHECK ("holds"."source" in ('campaign', 'inbound', 'outbound')),
	CONSTRAINT "holds_quantity" CHECK ("holds"."quantity" > 0)
);
--> statement-breakpoint
ALTER TABLE "deliveries" DROP CONSTRAINT "deliveries_status";--> statement-breakpoint
DROP INDEX "account_wakes_due";--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "muted_emails" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "account_wakes" ADD COLUMN "urgent" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "account_wakes" ADD COLUMN "urgent_again" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "holds_running" ON "holds" USING btree ("account_id","wallet","expires_at") WHERE "holds"."state" = 'held';--> statement-breakpoint
CREATE INDEX "holds_campaign" ON "holds" USING btree ("account_id","wallet","seq") WHERE "holds"."source" = 'campaign';--> statement-breakpoint
CREATE INDEX "holds_created_at" ON "holds" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "audit_at" ON "audit" USING btree ("at","audit_id");--> statement-breakpoint
CREATE INDEX "notifications_unread" ON "notifications" USING btree ("account_id") WHERE "notifications"."read_at" is null;--> statement-breakpoint
CREATE INDEX "top_ups_paid" ON "top_ups" USING btree ("created_at","top_up_id") WHERE "top_ups"."paid_at" is not null;--> statement-breakpoint
CREATE INDEX "account_wakes_urgent" ON "account_wakes" USING btree ("due_at") WHERE "account_wakes"."dirty" and "account_wakes"."urgent";--> statement-breakpoint
CREATE INDEX "account_wakes_due" ON "account_wakes" USING btree ("due_at") WHERE "account_wakes"."dirty" and not "account_wakes"."urgent";--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_status" CHECK ("deliveries"."status" in ('pending', 'sending', 'sent', 'rejected', 'dead', 'muted'));--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON holds TO auto_top_up_service;
--> statement-breakpoint
GRANT SELECT ON ledger_checkpoints, archives TO auto_top_up_service;
--> statement-breakpoint
-- What is kept for a time only.
GRANT DELETE ON webhook_deliveries, findings, reconciliations TO auto_top_up_service;
