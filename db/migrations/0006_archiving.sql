-- Entries stay append-only. The one exception: usage that a checkpoint covers, which is only written once the entries
-- are in an archive file that was read back (db/archive.ts). The service's role may neither write checkpoints nor
-- delete entries; only the owner of the tables can, who runs the archiving.
CREATE FUNCTION refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.kind = 'usage' AND EXISTS (
    SELECT 1 FROM ledger_checkpoints
    WHERE account_id = OLD.account_id AND wallet = OLD.wallet AND seq >= OLD.seq
  ) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Write a correcting entry instead.';
END $$;
--> statement-breakpoint
DROP TRIGGER append_only ON ledger_entries;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_entry_change();
