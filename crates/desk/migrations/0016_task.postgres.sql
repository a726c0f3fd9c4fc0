CREATE FUNCTION task_report_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.plan, NEW.task, NEW.term, NEW.unit, NEW.made_at) IS DISTINCT FROM
          (OLD.id, OLD.plan, OLD.task, OLD.term, OLD.unit, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a report counts its version up and leaves what it is about';
    END IF;
    IF EXISTS (SELECT 1 FROM plan_lock l WHERE l.plan = OLD.plan AND OLD.term BETWEEN l.first_day AND l.last_day) THEN
        RAISE EXCEPTION 'a report of a closed period stays as it is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER task_report_rules BEFORE UPDATE ON task_report FOR EACH ROW EXECUTE FUNCTION task_report_rules();
CREATE TRIGGER task_report_refuse BEFORE DELETE ON task_report FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER task_report_refuse_truncate BEFORE TRUNCATE ON task_report FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER task_report_event_refuse BEFORE UPDATE OR DELETE ON task_report_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE FUNCTION task_evidence_out_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
       OR (NEW.id, NEW.report, NEW.kind, NEW.label, NEW.target, NEW.hash, NEW.content)
          IS DISTINCT FROM (OLD.id, OLD.report, OLD.kind, OLD.label, OLD.target, OLD.hash, OLD.content)
    THEN
        RAISE EXCEPTION 'evidence stays as it was given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER task_evidence_out_only BEFORE UPDATE ON task_evidence FOR EACH ROW EXECUTE FUNCTION task_evidence_out_only();
CREATE TRIGGER task_evidence_refuse BEFORE DELETE ON task_evidence FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER plan_lock_refuse BEFORE UPDATE OR DELETE ON plan_lock FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON task_report, task_report_event, task_evidence, plan_lock TO ansinh_app;
GRANT UPDATE (state, done, hindered, proposed, changed_by, version, changed_at) ON task_report TO ansinh_app;
GRANT UPDATE (removed_at) ON task_evidence TO ansinh_app;

-- Who sees the whole city reads all reports, everybody else their own unit's and those of their communes; one's own are made there.
ALTER TABLE task_report ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_report FORCE ROW LEVEL SECURITY;
CREATE POLICY task_report_area ON task_report
    USING ((SELECT current_setting('app.scope', true)) = 'city' OR unit = (SELECT current_setting('app.unit', true))
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);
CREATE POLICY task_report_own ON task_report AS RESTRICTIVE FOR INSERT
    WITH CHECK (unit = (SELECT current_setting('app.unit', true)));
ALTER TABLE task_report_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_report_event FORCE ROW LEVEL SECURITY;
CREATE POLICY task_report_event_with_report ON task_report_event USING (EXISTS (SELECT 1 FROM task_report r WHERE r.id = report));
ALTER TABLE task_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY task_evidence_with_report ON task_evidence USING (EXISTS (SELECT 1 FROM task_report r WHERE r.id = report));
ALTER TABLE plan_lock ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_lock FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_lock_read ON plan_lock FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY plan_lock_add ON plan_lock FOR INSERT WITH CHECK ((SELECT current_setting('app.scope', true)) = 'city');
