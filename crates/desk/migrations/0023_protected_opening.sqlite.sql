CREATE TRIGGER protected_opening_no_delete BEFORE DELETE ON protected_opening
BEGIN SELECT RAISE(ABORT, 'openings are never deleted'); END;
CREATE TRIGGER protected_opening_fill_only BEFORE UPDATE ON protected_opening
WHEN NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.actor <> OLD.actor OR NEW.unit <> OLD.unit OR NEW.visit <> OLD.visit
  OR NEW.facility <> OLD.facility OR NEW.commune IS NOT OLD.commune OR NEW.reason <> OLD.reason OR NEW.opened_at <> OLD.opened_at
  OR NEW.until_at <> OLD.until_at
  OR (OLD.reviewed_at IS NOT NULL AND (NEW.reviewed_by IS NOT OLD.reviewed_by OR NEW.reviewed_at IS NOT OLD.reviewed_at OR NEW.review IS NOT OLD.review))
BEGIN SELECT RAISE(ABORT, 'an opening is reviewed once, else never changed'); END;
CREATE TRIGGER protected_opening_no_replace BEFORE INSERT ON protected_opening
WHEN EXISTS (SELECT 1 FROM protected_opening WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'openings are never replaced'); END;
