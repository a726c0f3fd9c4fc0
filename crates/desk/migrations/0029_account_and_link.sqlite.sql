CREATE TRIGGER case_link_no_delete BEFORE DELETE ON case_link
BEGIN SELECT RAISE(ABORT, 'links of cases are taken away, never deleted'); END;
CREATE TRIGGER case_link_no_replace BEFORE INSERT ON case_link
WHEN EXISTS (SELECT 1 FROM case_link WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'links of cases are never replaced'); END;
CREATE TRIGGER case_link_away_only BEFORE UPDATE ON case_link
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx
  OR NEW.first_case <> OLD.first_case OR NEW.second_case <> OLD.second_case OR NEW.kind <> OLD.kind OR NEW.made_by <> OLD.made_by
  OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a link of cases is taken away once, else never changed'); END;
