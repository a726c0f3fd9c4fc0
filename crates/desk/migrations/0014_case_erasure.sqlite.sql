CREATE TRIGGER case_erasure_no_update BEFORE UPDATE ON case_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER case_erasure_no_delete BEFORE DELETE ON case_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
-- Files go, and words and file names of the history are emptied, of closed cases that a decision erased; nothing else is changed.
DROP TRIGGER case_file_no_delete;
CREATE TRIGGER case_file_no_delete BEFORE DELETE ON case_file
WHEN NOT EXISTS (SELECT 1 FROM case_erasure e JOIN work_case c ON c.id = e.case_id WHERE e.case_id = OLD.case_id AND c.state = 'done')
BEGIN SELECT RAISE(ABORT, 'attachments are never deleted'); END;
DROP TRIGGER case_event_no_update;
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event
WHEN NEW.reason IS NOT NULL OR NEW.id <> OLD.id OR NEW.case_id <> OLD.case_id OR NEW.client_tx <> OLD.client_tx
  OR NEW.version <> OLD.version OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.what <> OLD.what
  OR (NEW.day IS DISTINCT FROM OLD.day) OR ((NEW.value IS DISTINCT FROM OLD.value) AND (NEW.value IS NOT NULL OR OLD.what <> 'file'))
  OR NOT EXISTS (SELECT 1 FROM case_erasure e JOIN work_case c ON c.id = e.case_id WHERE e.case_id = OLD.case_id AND c.state = 'done')
BEGIN SELECT RAISE(ABORT, 'the history of a case is never changed'); END;
