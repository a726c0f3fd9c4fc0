GRANT SELECT, INSERT, DELETE ON account_identity, identity_flow TO ansinh_app;

-- What proves who somebody is, is read and written by the program itself alone, whoever is signed in.
ALTER TABLE account_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_identity FORCE ROW LEVEL SECURITY;
CREATE POLICY account_identity_program ON account_identity USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE identity_flow ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_flow FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_flow_program ON identity_flow USING ((SELECT current_setting('app.role', true)) = 'system');
