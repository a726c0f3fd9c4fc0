GRANT SELECT, INSERT, DELETE ON case_selection, case_selection_case TO ansinh_app;
GRANT UPDATE (until_at, bulk) ON case_selection TO ansinh_app;

-- A selection is seen by who made it, and by the program, which forgets old ones.
ALTER TABLE case_selection ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_selection FORCE ROW LEVEL SECURITY;
CREATE POLICY case_selection_own ON case_selection
    USING ((SELECT current_setting('app.role', true)) = 'system' OR actor = (SELECT current_setting('app.actor', true)));
ALTER TABLE case_selection_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_selection_case FORCE ROW LEVEL SECURITY;
CREATE POLICY case_selection_case_own ON case_selection_case
    USING (EXISTS (SELECT 1 FROM case_selection s WHERE s.client_tx = selection));
