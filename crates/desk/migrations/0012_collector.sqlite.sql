CREATE TRIGGER collector_no_change BEFORE UPDATE ON collector
BEGIN SELECT RAISE(ABORT, 'collectors are never changed'); END;
CREATE TRIGGER collector_no_delete BEFORE DELETE ON collector
BEGIN SELECT RAISE(ABORT, 'collectors are never deleted'); END;
CREATE TRIGGER collector_no_replace BEFORE INSERT ON collector
WHEN EXISTS (SELECT 1 FROM collector WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'collectors are never replaced'); END;
CREATE TRIGGER collector_card_withdraw_only BEFORE UPDATE ON collector_card
WHEN OLD.withdrawn_on IS NOT NULL OR NEW.withdrawn_on IS NULL OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx
  OR NEW.collector <> OLD.collector OR NEW.organisation <> OLD.organisation OR NEW.number <> OLD.number OR NEW.area <> OLD.area
  OR NEW.first_day <> OLD.first_day OR NEW.last_day <> OLD.last_day OR NEW.given_by <> OLD.given_by OR NEW.given_at <> OLD.given_at
BEGIN SELECT RAISE(ABORT, 'a card can only be withdrawn, once'); END;
CREATE TRIGGER collector_card_no_delete BEFORE DELETE ON collector_card
BEGIN SELECT RAISE(ABORT, 'cards are withdrawn, never deleted'); END;
CREATE TRIGGER collector_card_no_replace BEFORE INSERT ON collector_card
WHEN EXISTS (SELECT 1 FROM collector_card WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'cards are never replaced'); END;
CREATE TRIGGER collector_training_no_change BEFORE UPDATE ON collector_training
BEGIN SELECT RAISE(ABORT, 'trainings are never changed'); END;
CREATE TRIGGER collector_training_no_delete BEFORE DELETE ON collector_training
BEGIN SELECT RAISE(ABORT, 'trainings are never deleted'); END;
CREATE TRIGGER collector_attendance_no_change BEFORE UPDATE ON collector_attendance
BEGIN SELECT RAISE(ABORT, 'attendance is never changed'); END;
CREATE TRIGGER collector_attendance_no_delete BEFORE DELETE ON collector_attendance
BEGIN SELECT RAISE(ABORT, 'attendance is never deleted'); END;
CREATE TRIGGER collector_complaint_resolve_only BEFORE UPDATE ON collector_complaint
WHEN OLD.verdict IS NOT NULL OR NEW.verdict IS NULL OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx
  OR NEW.collector <> OLD.collector OR NEW.category <> OLD.category OR NEW.words <> OLD.words
  OR NEW.received_on <> OLD.received_on OR NEW.due <> OLD.due OR NEW.made_by <> OLD.made_by OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a complaint can only be resolved, once'); END;
CREATE TRIGGER collector_complaint_no_delete BEFORE DELETE ON collector_complaint
BEGIN SELECT RAISE(ABORT, 'complaints are never deleted'); END;
CREATE TRIGGER collector_complaint_no_replace BEFORE INSERT ON collector_complaint
WHEN EXISTS (SELECT 1 FROM collector_complaint WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'complaints are never replaced'); END;
CREATE TRIGGER collector_list_no_change BEFORE UPDATE ON collector_list
BEGIN SELECT RAISE(ABORT, 'lists are never changed'); END;
CREATE TRIGGER collector_list_no_delete BEFORE DELETE ON collector_list
BEGIN SELECT RAISE(ABORT, 'lists are never deleted'); END;
CREATE TRIGGER collector_list_case_no_change BEFORE UPDATE ON collector_list_case
BEGIN SELECT RAISE(ABORT, 'lists are never changed'); END;
CREATE TRIGGER collector_list_case_no_delete BEFORE DELETE ON collector_list_case
BEGIN SELECT RAISE(ABORT, 'lists are never deleted'); END;
