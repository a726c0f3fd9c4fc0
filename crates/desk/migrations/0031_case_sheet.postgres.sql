CREATE TRIGGER case_sheet_refuse BEFORE DELETE ON case_sheet FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_sheet_refused_refuse BEFORE UPDATE OR DELETE ON case_sheet_refused FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON case_sheet, case_sheet_part, case_sheet_refused TO ansinh_app;
GRANT UPDATE (finished_at, done, refused, next_part) ON case_sheet TO ansinh_app;
GRANT UPDATE (changes) ON case_sheet_part TO ansinh_app;

-- A sheet is its sender's; the program sees all, for backups.
ALTER TABLE case_sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_sheet FORCE ROW LEVEL SECURITY;
CREATE POLICY case_sheet_own ON case_sheet
    USING ((SELECT current_setting('app.role', true)) = 'system' OR actor = (SELECT current_setting('app.actor', true)));
ALTER TABLE case_sheet_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_sheet_part FORCE ROW LEVEL SECURITY;
CREATE POLICY case_sheet_part_own ON case_sheet_part USING (EXISTS (SELECT 1 FROM case_sheet s WHERE s.client_tx = sheet));
ALTER TABLE case_sheet_refused ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_sheet_refused FORCE ROW LEVEL SECURITY;
CREATE POLICY case_sheet_refused_own ON case_sheet_refused
    USING (EXISTS (SELECT 1 FROM case_sheet s WHERE s.client_tx = sheet));

-- What a job was to do leaves when it is done; that of jobs that were done before goes now. One that was given up may be let try again.
GRANT UPDATE (payload) ON job TO ansinh_app;
ALTER TABLE job NO FORCE ROW LEVEL SECURITY;
UPDATE job SET payload = '' WHERE finished_at IS NOT NULL AND failed IS NULL;
ALTER TABLE job FORCE ROW LEVEL SECURITY;

-- A job may be a sheet.
ALTER TABLE job DROP CONSTRAINT job_kind_check;
ALTER TABLE job ADD CONSTRAINT job_kind_check CHECK (kind IN ('bulk', 'sheet'));
