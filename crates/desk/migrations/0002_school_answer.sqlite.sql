CREATE TRIGGER school_answer_no_update BEFORE UPDATE ON school_answer
BEGIN SELECT RAISE(ABORT, 'answers of schools are never changed'); END;
CREATE TRIGGER school_answer_no_delete BEFORE DELETE ON school_answer
BEGIN SELECT RAISE(ABORT, 'answers of schools are never deleted'); END;
CREATE TRIGGER school_answer_no_replace BEFORE INSERT ON school_answer
WHEN EXISTS (SELECT 1 FROM school_answer WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'answers of schools are never replaced'); END;
