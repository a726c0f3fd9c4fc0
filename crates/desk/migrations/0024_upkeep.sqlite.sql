CREATE TRIGGER school_erasure_no_update BEFORE UPDATE ON school_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays written down'); END;
CREATE TRIGGER school_erasure_no_delete BEFORE DELETE ON school_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays written down'); END;
CREATE TRIGGER subject_request_erasure_no_update BEFORE UPDATE ON subject_request_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER subject_request_erasure_no_delete BEFORE DELETE ON subject_request_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER donor_erasure_no_update BEFORE UPDATE ON donor_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER donor_erasure_no_delete BEFORE DELETE ON donor_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;

DROP TRIGGER school_answer_no_delete;
CREATE TRIGGER school_answer_no_delete BEFORE DELETE ON school_answer
WHEN NOT EXISTS (SELECT 1 FROM school_erasure e WHERE e.told_before > OLD.told_at)
BEGIN SELECT RAISE(ABORT, 'answers of schools are never deleted'); END;

DROP TRIGGER subject_request_versions;
CREATE TRIGGER subject_request_versions BEFORE UPDATE ON subject_request
WHEN (NEW.version <> OLD.version + 1 OR OLD.state IN ('done', 'refused') OR NEW.id <> OLD.id OR NEW.kind <> OLD.kind
      OR NEW.received_on <> OLD.received_on OR NEW.answer_due <> OLD.answer_due OR NEW.done_due <> OLD.done_due)
  AND (NEW.words <> '' OR NEW.person IS NOT NULL OR OLD.state NOT IN ('done', 'refused') OR NEW.id <> OLD.id
      OR NEW.client_tx <> OLD.client_tx OR NEW.kind <> OLD.kind OR NEW.commune IS NOT OLD.commune OR NEW.received_on <> OLD.received_on
      OR NEW.answer_due <> OLD.answer_due OR NEW.done_due <> OLD.done_due OR NEW.state <> OLD.state OR NEW.ground IS NOT OLD.ground
      OR NEW.version <> OLD.version OR NEW.received_by <> OLD.received_by OR NEW.received_at <> OLD.received_at
      OR NEW.changed_at <> OLD.changed_at
      OR NOT EXISTS (SELECT 1 FROM subject_request_erasure e WHERE e.request = OLD.id))
BEGIN SELECT RAISE(ABORT, 'a change of a request counts its version up, leaves its terms and ends with its end'); END;
DROP TRIGGER subject_request_event_no_update;
CREATE TRIGGER subject_request_event_no_update BEFORE UPDATE ON subject_request_event
WHEN NEW.words <> '' OR NEW.id <> OLD.id OR NEW.request <> OLD.request OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
  OR NEW.what <> OLD.what OR NEW.day <> OLD.day
  OR NOT EXISTS (SELECT 1 FROM subject_request_erasure e WHERE e.request = OLD.request)
BEGIN SELECT RAISE(ABORT, 'the history of a request is never changed'); END;

DROP TRIGGER donor_choice_drop_only;
CREATE TRIGGER donor_choice_drop_only BEFORE UPDATE ON donor_choice
WHEN (OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.person <> OLD.person OR NEW.id <> OLD.id OR NEW.fund <> OLD.fund
      OR NEW.commune <> OLD.commune OR NEW.reason <> OLD.reason OR NEW.scheme <> OLD.scheme
      OR NEW.first_month <> OLD.first_month OR NEW.months <> OLD.months)
  AND (OLD.person < 0 OR NEW.person >= 0 OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.fund <> OLD.fund
      OR NEW.commune <> OLD.commune OR NEW.reason <> OLD.reason OR NEW.scheme <> OLD.scheme OR NEW.first_month <> OLD.first_month
      OR NEW.months <> OLD.months OR NEW.chosen_by <> OLD.chosen_by OR NEW.chosen_at <> OLD.chosen_at
      OR NEW.dropped_at IS NOT OLD.dropped_at OR NEW.dropped_by IS NOT OLD.dropped_by OR COALESCE(NEW.drop_reason, '') <> ''
      OR NOT EXISTS (SELECT 1 FROM donor_erasure e WHERE e.fund = OLD.fund))
BEGIN SELECT RAISE(ABORT, 'a choice can only be dropped, once'); END;
DROP TRIGGER donor_month_drop_only;
CREATE TRIGGER donor_month_drop_only BEFORE UPDATE ON donor_month
WHEN (OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL OR NEW.person <> OLD.person OR NEW.choice <> OLD.choice
      OR NEW.scheme <> OLD.scheme OR NEW.month <> OLD.month)
  AND (OLD.person < 0 OR NEW.person >= 0 OR NEW.choice <> OLD.choice OR NEW.commune <> OLD.commune OR NEW.scheme <> OLD.scheme
      OR NEW.month <> OLD.month OR NEW.dropped_at IS NOT OLD.dropped_at
      OR NOT EXISTS (SELECT 1 FROM donor_erasure e JOIN donor_choice c ON c.fund = e.fund WHERE c.id = OLD.choice))
BEGIN SELECT RAISE(ABORT, 'a month of a choice can only be dropped, once'); END;
DROP TRIGGER donor_payment_cancel_only;
CREATE TRIGGER donor_payment_cancel_only BEFORE UPDATE ON donor_payment
WHEN (OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR NEW.id <> OLD.id OR NEW.choice <> OLD.choice OR NEW.fund <> OLD.fund
      OR NEW.commune <> OLD.commune OR NEW.dong <> OLD.dong OR NEW.first_month <> OLD.first_month OR NEW.months <> OLD.months
      OR NEW.number <> OLD.number OR NEW.day <> OLD.day)
  AND (NEW.cancel_reason IS NOT '' OR NEW.id <> OLD.id OR NEW.client_tx <> OLD.client_tx OR NEW.choice <> OLD.choice
      OR NEW.fund <> OLD.fund OR NEW.commune <> OLD.commune OR NEW.dong <> OLD.dong OR NEW.first_month <> OLD.first_month
      OR NEW.months <> OLD.months OR NEW.number <> OLD.number OR NEW.day <> OLD.day OR NEW.made_by <> OLD.made_by
      OR NEW.made_at <> OLD.made_at OR NEW.cancelled_at IS NOT OLD.cancelled_at OR NEW.cancelled_by IS NOT OLD.cancelled_by
      OR NOT EXISTS (SELECT 1 FROM donor_erasure e WHERE e.fund = OLD.fund))
BEGIN SELECT RAISE(ABORT, 'a payment can only be cancelled, once'); END;
