CREATE TRIGGER survey_campaign_no_delete BEFORE DELETE ON survey_campaign
BEGIN SELECT RAISE(ABORT, 'campaigns are closed, never deleted'); END;
CREATE TRIGGER survey_campaign_close_only BEFORE UPDATE ON survey_campaign
WHEN OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL OR NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.service <> OLD.service
  OR NEW.survey <> OLD.survey OR NEW.survey_hash <> OLD.survey_hash OR NEW.unit <> OLD.unit OR NEW.commune IS NOT OLD.commune
  OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day OR NEW.questions <> OLD.questions
  OR NEW.satisfied_from <> OLD.satisfied_from
BEGIN SELECT RAISE(ABORT, 'a campaign can only be closed, once'); END;
CREATE TRIGGER survey_issue_no_update BEFORE UPDATE ON survey_issue
BEGIN SELECT RAISE(ABORT, 'what was issued stays'); END;
CREATE TRIGGER survey_issue_no_delete BEFORE DELETE ON survey_issue
BEGIN SELECT RAISE(ABORT, 'what was issued stays'); END;
CREATE TRIGGER survey_token_use_once BEFORE UPDATE ON survey_token
WHEN OLD.used = 1 OR NEW.used = 0 OR NEW.hash <> OLD.hash OR NEW.campaign <> OLD.campaign
BEGIN SELECT RAISE(ABORT, 'a link is used once'); END;
CREATE TRIGGER survey_token_no_delete BEFORE DELETE ON survey_token
BEGIN SELECT RAISE(ABORT, 'links are never deleted'); END;
CREATE TRIGGER survey_answer_no_update BEFORE UPDATE ON survey_answer
BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
CREATE TRIGGER survey_answer_no_delete BEFORE DELETE ON survey_answer
BEGIN SELECT RAISE(ABORT, 'answers are never deleted'); END;
CREATE TRIGGER survey_hour_grows BEFORE UPDATE ON survey_hour
WHEN NEW.answers <= OLD.answers OR NEW.campaign <> OLD.campaign OR NEW.hour <> OLD.hour
BEGIN SELECT RAISE(ABORT, 'a count of answers only grows'); END;
CREATE TRIGGER survey_hour_no_delete BEFORE DELETE ON survey_hour
BEGIN SELECT RAISE(ABORT, 'a count of answers only grows'); END;
CREATE TRIGGER task_money_no_update BEFORE UPDATE ON task_money
BEGIN SELECT RAISE(ABORT, 'money is corrected by a new version'); END;
CREATE TRIGGER task_money_no_delete BEFORE DELETE ON task_money
BEGIN SELECT RAISE(ABORT, 'money is corrected by a new version'); END;
