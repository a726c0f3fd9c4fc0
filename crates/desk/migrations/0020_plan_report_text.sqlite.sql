CREATE TRIGGER plan_report_text_no_update BEFORE UPDATE ON plan_report_text
BEGIN SELECT RAISE(ABORT, 'a text of a report is written anew, never changed'); END;
CREATE TRIGGER plan_report_text_no_delete BEFORE DELETE ON plan_report_text
BEGIN SELECT RAISE(ABORT, 'texts of reports are never deleted'); END;
CREATE TRIGGER plan_report_text_no_replace BEFORE INSERT ON plan_report_text
WHEN EXISTS (SELECT 1 FROM plan_report_text WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'texts of reports are never replaced'); END;
CREATE TRIGGER plan_report_text_in_order BEFORE INSERT ON plan_report_text
WHEN NEW.version <> 1 + (SELECT COALESCE(MAX(version), 0) FROM plan_report_text t
                         WHERE t.plan = NEW.plan AND t.period = NEW.period AND t.unit = NEW.unit AND t.section = NEW.section)
BEGIN SELECT RAISE(ABORT, 'versions of a text follow one another'); END;
CREATE TRIGGER plan_report_text_locked BEFORE INSERT ON plan_report_text
WHEN EXISTS (SELECT 1 FROM plan_lock l WHERE l.plan = NEW.plan AND l.first_day <= NEW.first_day AND l.last_day >= NEW.last_day)
BEGIN SELECT RAISE(ABORT, 'the report of a closed period stays as it is'); END;
