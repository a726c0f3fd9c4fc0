CREATE TRIGGER subject_request_no_delete BEFORE DELETE ON subject_request
BEGIN SELECT RAISE(ABORT, 'requests are never deleted'); END;
CREATE TRIGGER subject_request_versions BEFORE UPDATE ON subject_request
WHEN NEW.version <> OLD.version + 1 OR OLD.state IN ('done', 'refused') OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
  OR NEW.received_on <> OLD.received_on OR NEW.answer_due <> OLD.answer_due OR NEW.done_due <> OLD.done_due
BEGIN SELECT RAISE(ABORT, 'a change of a request counts its version up, leaves its terms and ends with its end'); END;
CREATE TRIGGER subject_request_event_no_update BEFORE UPDATE ON subject_request_event
BEGIN SELECT RAISE(ABORT, 'the history of a request is never changed'); END;
CREATE TRIGGER subject_request_event_no_delete BEFORE DELETE ON subject_request_event
BEGIN SELECT RAISE(ABORT, 'the history of a request is never deleted'); END;
CREATE TRIGGER breach_no_delete BEFORE DELETE ON breach
BEGIN SELECT RAISE(ABORT, 'breaches are never deleted'); END;
CREATE TRIGGER breach_versions BEFORE UPDATE ON breach
WHEN NEW.version <> OLD.version + 1 OR OLD.closed_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.words <> OLD.words
  OR NEW.found_at <> OLD.found_at OR NEW.notice_due_at <> OLD.notice_due_at OR NEW.keep_until <> OLD.keep_until
  OR (OLD.told_at IS NOT NULL AND NEW.told_at IS NOT OLD.told_at)
BEGIN SELECT RAISE(ABORT, 'a breach is told once, closed once, and keeps its clock'); END;
