-- What Drizzle has no words for: partitions, storage, immutability, and the role that the service runs as.

DO $$
BEGIN
  FOR remainder IN 0..15 LOOP
    EXECUTE format(
      'CREATE TABLE ledger_entries_%s PARTITION OF ledger_entries FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      lpad(remainder::text, 2, '0'), remainder);
  END LOOP;
END $$;
--> statement-breakpoint
-- Rows that are updated all the time keep room for their next version on the same page (HOT updates).
ALTER TABLE wallets SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE account_wakes SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Write a correcting entry instead.';
END $$;
--> statement-breakpoint
-- Holds for everybody, the owner included. A row trigger reaches the partitions by itself, one for TRUNCATE
-- does not.
DO $$
DECLARE
  append_only text;
BEGIN
  FOREACH append_only IN ARRAY ARRAY['ledger_entries', 'settings_history', 'audit'] LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      append_only);
  END LOOP;
  FOR append_only IN
    SELECT c.relname FROM pg_class c
    WHERE c.oid IN ('ledger_entries'::regclass, 'settings_history'::regclass, 'audit'::regclass)
      OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger_entries'::regclass)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      append_only);
  END LOOP;
END $$;
--> statement-breakpoint
-- Roles belong to the whole server: another database on it may have made this one, even at this moment.
DO $$
BEGIN
  CREATE ROLE auto_top_up_service NOLOGIN;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'auto_top_up_service', 'USAGE') THEN
    EXECUTE format('GRANT auto_top_up_service TO %I', current_user);
  END IF;
EXCEPTION
  WHEN unique_violation THEN NULL;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO auto_top_up_service', current_schema());
END $$;
--> statement-breakpoint
GRANT SELECT, INSERT ON ledger_entries, settings_history, audit, webhook_events TO auto_top_up_service;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON
  accounts, wallets, settings, top_ups, charge_attempts, notifications, deliveries, account_wakes, api_keys
  TO auto_top_up_service;
