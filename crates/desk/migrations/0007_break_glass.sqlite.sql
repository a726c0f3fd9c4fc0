CREATE TRIGGER break_glass_no_delete BEFORE DELETE ON break_glass
BEGIN SELECT RAISE(ABORT, 'openings are never deleted'); END;
CREATE TRIGGER break_glass_fill_only BEFORE UPDATE ON break_glass
WHEN NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.actor <> OLD.actor OR NEW.unit <> OLD.unit OR NEW.person <> OLD.person
  OR NEW.commune IS NOT OLD.commune OR NEW.reason <> OLD.reason OR NEW.opened_at <> OLD.opened_at OR NEW.until_at <> OLD.until_at
  OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NOT OLD.ended_at)
  OR (OLD.reviewed_at IS NOT NULL AND (NEW.reviewed_by IS NOT OLD.reviewed_by OR NEW.reviewed_at IS NOT OLD.reviewed_at OR NEW.review IS NOT OLD.review))
BEGIN SELECT RAISE(ABORT, 'an opening is ended once and reviewed once, else never changed'); END;
CREATE TRIGGER break_glass_no_replace BEFORE INSERT ON break_glass
WHEN EXISTS (SELECT 1 FROM break_glass WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'openings are never replaced'); END;
