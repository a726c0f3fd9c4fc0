GRANT SELECT, INSERT ON data_key TO ansinh_app;
GRANT UPDATE (kek, wrapped) ON data_key TO ansinh_app;

ALTER TABLE data_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_key FORCE ROW LEVEL SECURITY;
-- Whoever stores a file or opens one does so with a key of its own; only the program itself wraps keys anew.
CREATE POLICY data_key_read ON data_key FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY data_key_add ON data_key FOR INSERT
    WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY data_key_wrap ON data_key FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) = 'system');
