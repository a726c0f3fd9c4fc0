CREATE FUNCTION survey_campaign_close_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL
       OR (NEW.id, NEW.name, NEW.service, NEW.survey, NEW.survey_hash, NEW.unit, NEW.commune, NEW.first_day, NEW.last_day, NEW.questions,
           NEW.satisfied_from)
          IS DISTINCT FROM
          (OLD.id, OLD.name, OLD.service, OLD.survey, OLD.survey_hash, OLD.unit, OLD.commune, OLD.first_day, OLD.last_day, OLD.questions,
           OLD.satisfied_from)
    THEN
        RAISE EXCEPTION 'a campaign can only be closed, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION survey_token_use_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used = 1 OR NEW.used = 0 OR (NEW.hash, NEW.campaign) IS DISTINCT FROM (OLD.hash, OLD.campaign) THEN
        RAISE EXCEPTION 'a link is used once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION survey_hour_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answers <= OLD.answers OR (NEW.campaign, NEW.hour) IS DISTINCT FROM (OLD.campaign, OLD.hour) THEN
        RAISE EXCEPTION 'a count of answers only grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_campaign_close_only BEFORE UPDATE ON survey_campaign
    FOR EACH ROW EXECUTE FUNCTION survey_campaign_close_only();
CREATE TRIGGER survey_campaign_refuse BEFORE DELETE ON survey_campaign FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER survey_issue_refuse BEFORE UPDATE OR DELETE ON survey_issue FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER survey_token_use_once BEFORE UPDATE ON survey_token FOR EACH ROW EXECUTE FUNCTION survey_token_use_once();
CREATE TRIGGER survey_token_refuse BEFORE DELETE ON survey_token FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER survey_answer_refuse BEFORE UPDATE OR DELETE ON survey_answer FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER survey_hour_grows BEFORE UPDATE ON survey_hour FOR EACH ROW EXECUTE FUNCTION survey_hour_grows();
CREATE TRIGGER survey_hour_refuse BEFORE DELETE ON survey_hour FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER task_money_refuse BEFORE UPDATE OR DELETE ON task_money FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON survey_campaign, survey_issue, survey_token, survey_answer, survey_hour, task_money TO ansinh_app;
GRANT UPDATE (closed_on) ON survey_campaign TO ansinh_app;
GRANT UPDATE (used) ON survey_token TO ansinh_app;
GRANT UPDATE (answers) ON survey_hour TO ansinh_app;

-- Campaigns and counts are read by everybody who is somebody. Links are made by the city's officers and read by the program alone, which
-- takes the answers: who issued a link does not see whether it was used.
ALTER TABLE survey_campaign ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_campaign FORCE ROW LEVEL SECURITY;
CREATE POLICY survey_campaign_read ON survey_campaign FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY survey_campaign_add ON survey_campaign FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'system'));
CREATE POLICY survey_campaign_change ON survey_campaign FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'system'));
ALTER TABLE survey_issue ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_issue FORCE ROW LEVEL SECURITY;
CREATE POLICY survey_issue_read ON survey_issue FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY survey_issue_add ON survey_issue FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'system'));
ALTER TABLE survey_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_token FORCE ROW LEVEL SECURITY;
CREATE POLICY survey_token_read ON survey_token FOR SELECT USING ((SELECT current_setting('app.role', true)) = 'system');
CREATE POLICY survey_token_add ON survey_token FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'system'));
CREATE POLICY survey_token_use ON survey_token FOR UPDATE USING ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE survey_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY survey_answer_read ON survey_answer FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY survey_answer_add ON survey_answer FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE survey_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_hour FORCE ROW LEVEL SECURITY;
CREATE POLICY survey_hour_read ON survey_hour FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY survey_hour_add ON survey_hour FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
CREATE POLICY survey_hour_change ON survey_hour FOR UPDATE USING ((SELECT current_setting('app.role', true)) = 'system');

-- Money as reports of tasks: the city sees all, everybody else their own unit's and those of their communes; one writes one's own.
ALTER TABLE task_money ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_money FORCE ROW LEVEL SECURITY;
CREATE POLICY task_money_read ON task_money FOR SELECT
    USING ((SELECT current_setting('app.scope', true)) = 'city' OR unit = (SELECT current_setting('app.unit', true))
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);
CREATE POLICY task_money_add ON task_money FOR INSERT WITH CHECK (unit = (SELECT current_setting('app.unit', true)));
