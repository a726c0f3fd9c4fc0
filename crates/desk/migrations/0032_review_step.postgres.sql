CREATE TRIGGER review_step_refuse BEFORE UPDATE OR DELETE ON review_step FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_step_refuse_truncate BEFORE TRUNCATE ON review_step FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON review_step TO ansinh_app;

-- Steps are seen with their case, by its facility once it was sent; the agency alone writes them down.
ALTER TABLE review_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_step FORCE ROW LEVEL SECURITY;
CREATE POLICY review_step_read ON review_step FOR SELECT USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_step_add ON review_step FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));

-- They stand in the history that the facility reads: it was part of each of them.
DROP POLICY review_event_read ON review_event;
CREATE POLICY review_event_read ON review_event FOR SELECT
    USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id)
           AND ((SELECT current_setting('app.role', true)) <> 'facility_staff'
                OR what IN ('sent', 'answered', 'file', 'decided', 'appealed', 'settled', 'collected', 'closed', 'audit_notice', 'files_handed', 'minutes_made', 'minutes_signed')));
