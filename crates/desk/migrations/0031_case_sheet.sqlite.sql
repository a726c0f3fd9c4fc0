CREATE TRIGGER case_sheet_owner BEFORE UPDATE ON case_sheet
WHEN NEW.client_tx <> OLD.client_tx OR NEW.actor <> OLD.actor OR NEW.asked <> OLD.asked OR NEW.today <> OLD.today
  OR NEW.started_at <> OLD.started_at OR NEW.total <> OLD.total OR NEW.empty <> OLD.empty
BEGIN SELECT RAISE(ABORT, 'what a sheet asked for stays as it came'); END;
CREATE TRIGGER case_sheet_no_delete BEFORE DELETE ON case_sheet
BEGIN SELECT RAISE(ABORT, 'sheets are finished, never deleted'); END;
CREATE TRIGGER case_sheet_part_only_empties BEFORE UPDATE ON case_sheet_part
WHEN NEW.sheet <> OLD.sheet OR NEW.part <> OLD.part OR NEW.changes <> ''
BEGIN SELECT RAISE(ABORT, 'a part of a sheet is only emptied'); END;
CREATE TRIGGER case_sheet_refused_no_update BEFORE UPDATE ON case_sheet_refused
BEGIN SELECT RAISE(ABORT, 'what was refused stays written down'); END;
-- What a job was to do leaves when it is done; that of jobs that were done before goes now. One that was given up may be let try again.
UPDATE job SET payload = '' WHERE finished_at IS NOT NULL AND failed IS NULL;
-- A job may be a sheet. Only the CHECK changes, so no row is touched.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'kind IN (''bulk''', 'kind IN (''bulk'', ''sheet''')
WHERE type = 'table' AND name = 'job';
PRAGMA writable_schema = RESET;
