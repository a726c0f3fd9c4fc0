CREATE FUNCTION processing_restriction_lift_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
       OR (NEW.id, NEW.person, NEW.request, NEW.set_by, NEW.set_at)
          IS DISTINCT FROM (OLD.id, OLD.person, OLD.request, OLD.set_by, OLD.set_at)
    THEN
        RAISE EXCEPTION 'a restriction can only be lifted, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER processing_restriction_lift_only BEFORE UPDATE ON processing_restriction
    FOR EACH ROW EXECUTE FUNCTION processing_restriction_lift_only();
CREATE TRIGGER processing_restriction_refuse BEFORE DELETE ON processing_restriction FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER processing_restriction_refuse_truncate BEFORE TRUNCATE ON processing_restriction
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON processing_restriction TO ansinh_app;
GRANT UPDATE (lifted_by, lifted_at, lifted_decision) ON processing_restriction TO ansinh_app;

-- Who makes lists has to know whom to leave out; who answers people about their data sets and lifts.
ALTER TABLE processing_restriction ENABLE ROW LEVEL SECURITY;
ALTER TABLE processing_restriction FORCE ROW LEVEL SECURITY;
CREATE POLICY processing_restriction_read ON processing_restriction FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY processing_restriction_add ON processing_restriction FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));
CREATE POLICY processing_restriction_lift ON processing_restriction FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));

-- A person may ask that a person looks again at what was found automatically.
ALTER TABLE subject_request DROP CONSTRAINT subject_request_kind_check;
ALTER TABLE subject_request ADD CONSTRAINT subject_request_kind_check
    CHECK (kind IN ('view', 'copy', 'correct', 'restrict', 'object', 'complain', 'review'));
