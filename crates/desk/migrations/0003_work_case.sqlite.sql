CREATE TRIGGER work_case_no_delete BEFORE DELETE ON work_case
BEGIN SELECT RAISE(ABORT, 'cases are closed, never deleted'); END;
CREATE TRIGGER work_case_no_replace BEFORE INSERT ON work_case
WHEN EXISTS (SELECT 1 FROM work_case WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'cases are never replaced'); END;
CREATE TRIGGER work_case_versions BEFORE UPDATE ON work_case
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.rule <> OLD.rule
  OR NEW.subject_kind <> OLD.subject_kind OR NEW.unit <> OLD.unit OR NEW.opened_at <> OLD.opened_at
BEGIN SELECT RAISE(ABORT, 'a change of a case counts its version up and leaves what it is about'); END;
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event
BEGIN SELECT RAISE(ABORT, 'the history of a case is never changed'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
BEGIN SELECT RAISE(ABORT, 'the history of a case is never deleted'); END;
CREATE TRIGGER case_event_no_replace BEFORE INSERT ON case_event
WHEN EXISTS (SELECT 1 FROM case_event WHERE id = NEW.id OR (case_id = NEW.case_id AND client_tx = NEW.client_tx))
BEGIN SELECT RAISE(ABORT, 'the history of a case is never replaced'); END;
CREATE TRIGGER case_file_no_update BEFORE UPDATE ON case_file
BEGIN SELECT RAISE(ABORT, 'attachments are never changed'); END;
CREATE TRIGGER case_file_no_delete BEFORE DELETE ON case_file
BEGIN SELECT RAISE(ABORT, 'attachments are never deleted'); END;
CREATE TRIGGER job_no_delete BEFORE DELETE ON job
BEGIN SELECT RAISE(ABORT, 'jobs are finished, never deleted'); END;
