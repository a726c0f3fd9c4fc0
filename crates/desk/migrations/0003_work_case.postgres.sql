CREATE FUNCTION work_case_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.kind, NEW.rule, NEW.subject_kind, NEW.unit, NEW.opened_at)
          IS DISTINCT FROM (OLD.id, OLD.kind, OLD.rule, OLD.subject_kind, OLD.unit, OLD.opened_at)
    THEN
        RAISE EXCEPTION 'a change of a case counts its version up and leaves what it is about';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_case_versions BEFORE UPDATE ON work_case FOR EACH ROW EXECUTE FUNCTION work_case_versions();
CREATE TRIGGER work_case_refuse BEFORE DELETE ON work_case FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER work_case_refuse_truncate BEFORE TRUNCATE ON work_case FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_event_refuse BEFORE UPDATE OR DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_event_refuse_truncate BEFORE TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_file_refuse BEFORE UPDATE OR DELETE ON case_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_file_refuse_truncate BEFORE TRUNCATE ON case_file FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

CREATE TRIGGER job_refuse BEFORE DELETE ON job FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER job_refuse_truncate BEFORE TRUNCATE ON job FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON work_case, case_event, case_file, case_bulk, case_bulk_refused, case_run, job TO ansinh_app;
GRANT UPDATE (attempts, lease_until, finished_at, failed) ON job TO ansinh_app;
GRANT UPDATE (finding_key, subject, commune, village, owner, state, snoozed_until, outcome, outcome_day, closed_at, gone_period,
              due, version, changed_at) ON work_case TO ansinh_app;
GRANT UPDATE (finished_at, done, refused, cursor) ON case_bulk TO ansinh_app;

-- Findings about employees are the insurance office's: `app.employees` is set for who may see them.
ALTER TABLE work_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_case FORCE ROW LEVEL SECURITY;
CREATE POLICY work_case_area ON work_case
    USING (((SELECT current_setting('app.scope', true)) = 'city'
            OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0)
           AND (unit = 'commune' OR (SELECT current_setting('app.employees', true)) = 'yes'));

-- What belongs to a case is seen with the case.
ALTER TABLE case_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_event FORCE ROW LEVEL SECURITY;
CREATE POLICY case_event_with_case ON case_event USING (EXISTS (SELECT 1 FROM work_case c WHERE c.id = case_id));
ALTER TABLE case_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_file FORCE ROW LEVEL SECURITY;
CREATE POLICY case_file_with_case ON case_file USING (EXISTS (SELECT 1 FROM work_case c WHERE c.id = case_id));

-- A bulk is its starter's.
ALTER TABLE case_bulk ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_bulk FORCE ROW LEVEL SECURITY;
CREATE POLICY case_bulk_own ON case_bulk USING (actor = (SELECT current_setting('app.actor', true)));
ALTER TABLE case_bulk_refused ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_bulk_refused FORCE ROW LEVEL SECURITY;
CREATE POLICY case_bulk_refused_own ON case_bulk_refused
    USING (EXISTS (SELECT 1 FROM case_bulk b WHERE b.client_tx = case_bulk_refused.client_tx));

-- A job is seen by who asked for it and by the program, which works on all of them.
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY job_own ON job
    USING ((SELECT current_setting('app.role', true)) = 'system' OR actor = (SELECT current_setting('app.actor', true)));
