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
CREATE TRIGGER delegation_refuse BEFORE DELETE ON delegation FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER api_token_refuse BEFORE DELETE ON api_token FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT, DELETE ON unit_commune TO ansinh_app;
GRANT SELECT, INSERT, UPDATE ON account TO ansinh_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, sign_in_failure TO ansinh_app;
GRANT SELECT, INSERT ON delegation, api_token TO ansinh_app;
GRANT UPDATE (ended_by, ended_at) ON delegation TO ansinh_app;
GRANT UPDATE (revoked_by, revoked_at) ON api_token TO ansinh_app;

ALTER TABLE unit_commune ENABLE ROW LEVEL SECURITY;
ALTER TABLE unit_commune FORCE ROW LEVEL SECURITY;
CREATE POLICY unit_commune_read ON unit_commune FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY unit_commune_add ON unit_commune FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY unit_commune_remove ON unit_commune FOR DELETE
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));

-- What proves who somebody is, is read and written by the program itself alone, whoever is signed in.
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY account_program ON account USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY session_program ON session USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE sign_in_failure ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failure FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_failure_program ON sign_in_failure USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_token FORCE ROW LEVEL SECURITY;
CREATE POLICY api_token_program ON api_token USING ((SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation FORCE ROW LEVEL SECURITY;
CREATE POLICY delegation_own ON delegation
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system')
           OR from_user = (SELECT current_setting('app.actor', true))
           OR to_user = (SELECT current_setting('app.actor', true)));
