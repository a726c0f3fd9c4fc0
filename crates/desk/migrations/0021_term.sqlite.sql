CREATE TRIGGER term_extension_no_update BEFORE UPDATE ON term_extension
BEGIN SELECT RAISE(ABORT, 'what was put off stays as it was decided'); END;
CREATE TRIGGER term_extension_no_delete BEFORE DELETE ON term_extension
BEGIN SELECT RAISE(ABORT, 'what was put off stays as it was decided'); END;
CREATE TRIGGER plan_reminder_no_update BEFORE UPDATE ON plan_reminder
BEGIN SELECT RAISE(ABORT, 'reminders are never changed'); END;
CREATE TRIGGER plan_reminder_no_delete BEFORE DELETE ON plan_reminder
BEGIN SELECT RAISE(ABORT, 'reminders are never deleted'); END;
-- A document may be about the plan: of nobody in particular. Only the CHECK changes, so no row is touched.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'subject_kind IN (''person'', ''employer'')', 'subject_kind IN (''person'', ''employer'', ''plan'')')
WHERE type = 'table' AND name = 'document';
PRAGMA writable_schema = RESET;
