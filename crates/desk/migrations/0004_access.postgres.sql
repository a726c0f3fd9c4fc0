-- The program itself sees every row, so that a backup holds all of them.
CREATE POLICY case_bulk_program ON case_bulk FOR SELECT USING ((SELECT current_setting('app.role', true)) = 'system');

-- Row level security for the tables that had none: units, users, the audit counter, runs held against cases.

ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE unit FORCE ROW LEVEL SECURITY;
CREATE POLICY unit_read ON unit FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY unit_add ON unit FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY unit_change ON unit FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));

ALTER TABLE desk_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_user FORCE ROW LEVEL SECURITY;
CREATE POLICY desk_user_read ON desk_user FOR SELECT
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system')
           OR (SELECT current_setting('app.scope', true)) = 'city'
           OR (area = 'city' AND (SELECT current_setting('app.scope', true)) <> '')
           -- Whose area touches one's own: who gives a case to somebody, and who sees who has it.
           OR string_to_array(area, ',') && string_to_array(btrim((SELECT current_setting('app.scope', true)), ','), ',')
           OR unit = (SELECT current_setting('app.unit', true))
           OR id = (SELECT current_setting('app.actor', true)));
CREATE POLICY desk_user_add ON desk_user FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY desk_user_change ON desk_user FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));

ALTER TABLE audit_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_counter_use ON audit_counter
    USING ((SELECT current_setting('app.actor', true)) <> '');

ALTER TABLE case_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_run FORCE ROW LEVEL SECURITY;
CREATE POLICY case_run_use ON case_run
    USING ((SELECT current_setting('app.actor', true)) <> '');
