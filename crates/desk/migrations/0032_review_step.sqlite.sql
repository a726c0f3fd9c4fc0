CREATE TRIGGER review_step_no_delete BEFORE DELETE ON review_step
BEGIN SELECT RAISE(ABORT, 'steps of a review are never deleted'); END;
CREATE TRIGGER review_step_no_update BEFORE UPDATE ON review_step
BEGIN SELECT RAISE(ABORT, 'steps of a review are never changed'); END;
CREATE TRIGGER review_step_no_replace BEFORE INSERT ON review_step
WHEN EXISTS (SELECT 1 FROM review_step WHERE id = NEW.id OR (case_id = NEW.case_id AND version = NEW.version))
BEGIN SELECT RAISE(ABORT, 'steps of a review are never replaced'); END;
