CREATE TRIGGER subject_key_refuse BEFORE UPDATE ON subject_key FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER subject_erasure_refuse BEFORE UPDATE OR DELETE ON subject_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT, DELETE ON subject_key TO ansinh_app;
GRANT SELECT, INSERT ON subject_erasure TO ansinh_app;

ALTER TABLE subject_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_key FORCE ROW LEVEL SECURITY;
CREATE POLICY subject_key_read ON subject_key FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY subject_key_add ON subject_key FOR INSERT
    WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY subject_key_erase ON subject_key FOR DELETE
    USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE subject_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY subject_erasure_use ON subject_erasure
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));
