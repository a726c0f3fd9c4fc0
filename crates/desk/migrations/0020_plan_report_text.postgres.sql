CREATE FUNCTION plan_report_text_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + (SELECT COALESCE(MAX(version), 0) FROM plan_report_text t
                           WHERE t.plan = NEW.plan AND t.period = NEW.period AND t.unit = NEW.unit AND t.section = NEW.section)
    THEN
        RAISE EXCEPTION 'versions of a text follow one another';
    END IF;
    IF EXISTS (SELECT 1 FROM plan_lock l WHERE l.plan = NEW.plan AND l.first_day <= NEW.first_day AND l.last_day >= NEW.last_day) THEN
        RAISE EXCEPTION 'the report of a closed period stays as it is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_report_text_rules BEFORE INSERT ON plan_report_text FOR EACH ROW EXECUTE FUNCTION plan_report_text_rules();
CREATE TRIGGER plan_report_text_refuse BEFORE UPDATE OR DELETE ON plan_report_text FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER plan_report_text_refuse_truncate BEFORE TRUNCATE ON plan_report_text FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON plan_report_text TO ansinh_app;

-- Who sees the whole city reads all texts, everybody else those of their unit and communes; one's own are written there, those of the report
-- on the whole plan by who follows it.
ALTER TABLE plan_report_text ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_report_text FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_report_text_area ON plan_report_text
    USING ((SELECT current_setting('app.scope', true)) = 'city'
           -- Texts of the whole plan have no unit; who has none does not see them by that.
           OR (unit <> '' AND unit = (SELECT current_setting('app.unit', true)))
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);
CREATE POLICY plan_report_text_own ON plan_report_text AS RESTRICTIVE FOR INSERT
    WITH CHECK (unit = (SELECT current_setting('app.unit', true))
                OR (unit = '' AND (SELECT current_setting('app.scope', true)) = 'city'));
