CREATE FUNCTION data_agreement_end_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_on IS NOT NULL OR NEW.ended_on IS NULL
       OR (NEW.id, NEW.client_tx, NEW.number, NEW.provider, NEW.receiver, NEW.receiver_role, NEW.roster, NEW.fields, NEW.article,
           NEW.purpose, NEW.first_day, NEW.last_day, NEW.retention_months, NEW.transfer, NEW.added_by, NEW.added_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.number, OLD.provider, OLD.receiver, OLD.receiver_role, OLD.roster, OLD.fields, OLD.article,
           OLD.purpose, OLD.first_day, OLD.last_day, OLD.retention_months, OLD.transfer, OLD.added_by, OLD.added_at)
    THEN
        RAISE EXCEPTION 'an agreement can only be ended, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER data_agreement_end_only BEFORE UPDATE ON data_agreement FOR EACH ROW EXECUTE FUNCTION data_agreement_end_only();
CREATE TRIGGER data_agreement_refuse BEFORE DELETE ON data_agreement FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER data_agreement_refuse_truncate BEFORE TRUNCATE ON data_agreement FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON data_agreement TO ansinh_app;
GRANT UPDATE (ended_on, ended_by, ended_at, end_reason) ON data_agreement TO ansinh_app;

-- Everybody who works here may know under which agreement data came; who looks after personal data writes them down.
ALTER TABLE data_agreement ENABLE ROW LEVEL SECURITY;
ALTER TABLE data_agreement FORCE ROW LEVEL SECURITY;
CREATE POLICY data_agreement_read ON data_agreement FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY data_agreement_add ON data_agreement FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));
CREATE POLICY data_agreement_end ON data_agreement FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));
