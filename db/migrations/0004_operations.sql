CREATE TABLE "findings" (
	"finding_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"account_id" text,
	"top_up_id" text,
	"detail" text NOT NULL,
	"opened_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp(3) with time zone,
	CONSTRAINT "findings_subject" UNIQUE("kind","subject")
);
--> statement-breakpoint
CREATE TABLE "idempotent_requests" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotent_requests_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"run_id" text PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"compared" integer DEFAULT 0 NOT NULL,
	"repaired" integer DEFAULT 0 NOT NULL,
	"reported" integer DEFAULT 0 NOT NULL,
	"invariants" jsonb,
	"started_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp(3) with time zone,
	CONSTRAINT "reconciliations_scope" CHECK ("reconciliations"."scope" in ('recent', 'nightly'))
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"account_id" text NOT NULL,
	"message_id" text NOT NULL,
	"notification_id" text NOT NULL,
	"type" text NOT NULL,
	"payload" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"response_status" integer,
	"detail" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "webhook_deliveries_account_id_message_id_pk" PRIMARY KEY("account_id","message_id"),
	CONSTRAINT "webhook_deliveries_notification" UNIQUE("account_id","notification_id"),
	CONSTRAINT "webhook_deliveries_status" CHECK ("webhook_deliveries"."status" in ('pending', 'delivered', 'dead'))
);
--> statement-breakpoint
CREATE TABLE "refund_requests" (
	"account_id" text NOT NULL,
	"refund_request_id" text NOT NULL,
	"top_up_id" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"detail" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refund_requests_account_id_refund_request_id_pk" PRIMARY KEY("account_id","refund_request_id"),
	CONSTRAINT "refund_requests_state" CHECK ("refund_requests"."state" in ('requested', 'refunded', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "reversals" (
	"account_id" text NOT NULL,
	"reversal_id" text NOT NULL,
	"top_up_id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"amount_cents" bigint NOT NULL,
	"quantity" bigint NOT NULL,
	"credit_note_number" text,
	"credit_note_pdf_url" text,
	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reversals_account_id_reversal_id_pk" PRIMARY KEY("account_id","reversal_id"),
	CONSTRAINT "reversals_kind" CHECK ("reversals"."kind" in ('refund', 'dispute'))
);
--> statement-breakpoint
ALTER TABLE "top_ups" ADD COLUMN "checkout_session_id" text;--> statement-breakpoint
ALTER TABLE "top_ups" ADD COLUMN "retry_of" text;--> statement-breakpoint
ALTER TABLE "top_ups" ADD COLUMN "cancel_requested_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "top_ups" ADD COLUMN "reversal_mark" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "top_ups" ADD COLUMN "reversal_seen" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "findings_open" ON "findings" USING btree ("opened_at") WHERE "findings"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "idempotent_requests_created_at" ON "idempotent_requests" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "reconciliations_started_at" ON "reconciliations" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_message_id" ON "webhook_deliveries" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE "webhook_deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_dead" ON "webhook_deliveries" USING btree ("updated_at") WHERE "webhook_deliveries"."status" = 'dead';--> statement-breakpoint
CREATE INDEX "refund_requests_top_up" ON "refund_requests" USING btree ("account_id","top_up_id");--> statement-breakpoint
CREATE INDEX "reversals_top_up" ON "reversals" USING btree ("account_id","top_up_id");--> statement-breakpoint
CREATE INDEX "top_ups_payment_intent_id" ON "top_ups" USING btree ("payment_intent_id");--> statement-breakpoint
CREATE INDEX "top_ups_reversals" ON "top_ups" USING btree ("account_id") WHERE "top_ups"."reversal_mark" > "top_ups"."reversal_seen";--> statement-breakpoint
CREATE INDEX "top_ups_open" ON "top_ups" USING btree ("created_at") WHERE "top_ups"."state" not in ('credited', 'canceled');
--> statement-breakpoint
-- By hand: the service's rights.
GRANT SELECT, INSERT, UPDATE ON reversals, refund_requests, idempotent_requests, findings, reconciliations,
  webhook_deliveries
  TO auto_top_up_service;
--> statement-breakpoint
-- By hand: what is old enough may be removed.
GRANT DELETE ON idempotent_requests TO auto_top_up_service;
