CREATE TRIGGER data_agreement_no_delete BEFORE DELETE ON data_agreement
BEGIN SELECT RAISE(ABORT, 'agreements are ended, never deleted'); END;
CREATE TRIGGER data_agreement_end_only BEFORE UPDATE ON data_agreement
WHEN OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
  OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.number <> OLD.number OR NEW.provider <> OLD.provider
  OR NEW.receiver <> OLD.receiver OR NEW.receiver_role <> OLD.receiver_role OR NEW.roster <> OLD.roster
  OR NEW.fields <> OLD.fields OR NEW.article <> OLD.article OR NEW.purpose <> OLD.purpose OR NEW.first_day <> OLD.first_day
  OR NEW.last_day IS NOT OLD.last_day OR NEW.retention_months <> OLD.retention_months OR NEW.transfer IS NOT OLD.transfer
  OR NEW.added_by <> OLD.added_by OR NEW.added_at <> OLD.added_at
BEGIN SELECT RAISE(ABORT, 'an agreement can only be ended, once'); END;
CREATE TRIGGER data_agreement_no_replace BEFORE INSERT ON data_agreement
WHEN EXISTS (SELECT 1 FROM data_agreement WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'agreements are never replaced'); END;
