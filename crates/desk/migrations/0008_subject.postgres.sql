CREATE FUNCTION subject_request_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 OR OLD.state IN ('done', 'refused')
       OR (NEW.id, NEW.kind, NEW.received_on, NEW.answer_due, NEW.done_due)
          IS DISTINCT FROM (OLD.id, OLD.kind, OLD.received_on, OLD.answer_due, OLD.done_due)
    THEN
        RAISE EXCEPTION 'a change of a request counts its version up, leaves its terms and ends with its end';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION breach_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 OR OLD.closed_at IS NOT NULL
       OR (NEW.id, NEW.words, NEW.found_at, NEW.notice_due_at, NEW.keep_until)
          IS DISTINCT FROM (OLD.id, OLD.words, OLD.found_at, OLD.notice_due_at, OLD.keep_until)
       OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at)
    THEN
        RAISE EXCEPTION 'a breach is told once, closed once, and keeps its clock';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subject_request_versions BEFORE UPDATE ON subject_request FOR EACH ROW EXECUTE FUNCTION subject_request_versions();
CREATE TRIGGER subject_request_refuse BEFORE DELETE ON subject_request FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER subject_request_event_refuse BEFORE UPDATE OR DELETE ON subject_request_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER breach_versions BEFORE UPDATE ON breach FOR EACH ROW EXECUTE FUNCTION breach_versions();
CREATE TRIGGER breach_refuse BEFORE DELETE ON breach FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON subject_request, subject_request_event, breach TO ansinh_app;
GRANT UPDATE (state, ground, version, changed_at) ON subject_request TO ansinh_app;
GRANT UPDATE (told_at, told_by, told_words, closed_at, closed_by, closed_words, version) ON breach TO ansinh_app;

-- Who answers people, and the program itself for backups; nobody else.
ALTER TABLE subject_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_request FORCE ROW LEVEL SECURITY;
CREATE POLICY subject_request_handlers ON subject_request
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system')
           AND (SELECT current_setting('app.scope', true)) = 'city');
ALTER TABLE subject_request_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_request_event FORCE ROW LEVEL SECURITY;
CREATE POLICY subject_request_event_with_request ON subject_request_event
    USING (EXISTS (SELECT 1 FROM subject_request r WHERE r.id = request));
ALTER TABLE breach ENABLE ROW LEVEL SECURITY;
ALTER TABLE breach FORCE ROW LEVEL SECURITY;
CREATE POLICY breach_handlers ON breach
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system')
           AND (SELECT current_setting('app.scope', true)) = 'city');
