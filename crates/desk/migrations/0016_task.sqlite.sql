CREATE TRIGGER task_report_no_delete BEFORE DELETE ON task_report
BEGIN SELECT RAISE(ABORT, 'reports are never deleted'); END;
CREATE TRIGGER task_report_no_replace BEFORE INSERT ON task_report
WHEN EXISTS (SELECT 1 FROM task_report WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'reports are never replaced'); END;
CREATE TRIGGER task_report_versions BEFORE UPDATE ON task_report
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.plan <> OLD.plan OR NEW.task <> OLD.task OR NEW.term <> OLD.term
  OR NEW.unit <> OLD.unit OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a change of a report counts its version up and leaves what it is about'); END;
CREATE TRIGGER task_report_locked BEFORE UPDATE ON task_report
WHEN EXISTS (SELECT 1 FROM plan_lock l WHERE l.plan = OLD.plan AND OLD.term BETWEEN l.first_day AND l.last_day)
BEGIN SELECT RAISE(ABORT, 'a report of a closed period stays as it is'); END;
CREATE TRIGGER task_report_event_no_update BEFORE UPDATE ON task_report_event
BEGIN SELECT RAISE(ABORT, 'the history of a report is never changed'); END;
CREATE TRIGGER task_report_event_no_delete BEFORE DELETE ON task_report_event
BEGIN SELECT RAISE(ABORT, 'the history of a report is never deleted'); END;
CREATE TRIGGER task_evidence_no_delete BEFORE DELETE ON task_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is taken out, never deleted'); END;
CREATE TRIGGER task_evidence_out_only BEFORE UPDATE ON task_evidence
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL OR NEW.id <> OLD.id OR NEW.report <> OLD.report OR NEW.kind <> OLD.kind
  OR NEW.label <> OLD.label OR (NEW.target IS DISTINCT FROM OLD.target) OR (NEW.hash IS DISTINCT FROM OLD.hash)
  OR (NEW.content IS DISTINCT FROM OLD.content)
BEGIN SELECT RAISE(ABORT, 'evidence stays as it was given'); END;
CREATE TRIGGER plan_lock_no_update BEFORE UPDATE ON plan_lock
BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;
CREATE TRIGGER plan_lock_no_delete BEFORE DELETE ON plan_lock
BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;
