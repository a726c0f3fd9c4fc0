CREATE TRIGGER term_extension_refuse BEFORE UPDATE OR DELETE ON term_extension FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER plan_reminder_refuse BEFORE UPDATE OR DELETE ON plan_reminder FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON term_extension, plan_reminder TO ansinh_app;

-- They say nothing of people: everybody who works here reads them, the city writes them.
ALTER TABLE term_extension ENABLE ROW LEVEL SECURITY;
ALTER TABLE term_extension FORCE ROW LEVEL SECURITY;
CREATE POLICY term_extension_read ON term_extension FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY term_extension_add ON term_extension FOR INSERT
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'city');
ALTER TABLE plan_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_reminder_read ON plan_reminder FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY plan_reminder_add ON plan_reminder FOR INSERT
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'city');

-- A document may be about the plan: of nobody in particular.
ALTER TABLE document DROP CONSTRAINT document_subject_kind_check;
ALTER TABLE document ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN ('person', 'employer', 'plan'));
