CREATE TRIGGER review_case_no_delete BEFORE DELETE ON review_case
BEGIN SELECT RAISE(ABORT, 'reviews are closed, never deleted'); END;
CREATE TRIGGER review_case_no_replace BEFORE INSERT ON review_case
WHEN EXISTS (SELECT 1 FROM review_case WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'reviews are never replaced'); END;
CREATE TRIGGER review_case_versions BEFORE UPDATE ON review_case
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.visit <> OLD.visit OR NEW.facility <> OLD.facility
  OR NEW.commune IS NOT OLD.commune OR NEW.period <> OLD.period OR NEW.billed <> OLD.billed OR NEW.opened_at <> OLD.opened_at
  OR (OLD.sent_on IS NOT NULL AND (NEW.sent_on IS NOT OLD.sent_on OR NEW.due IS NOT OLD.due OR NEW.proposed <> OLD.proposed))
BEGIN SELECT RAISE(ABORT, 'a change of a review counts its version up and leaves what it is about, and what was sent'); END;
CREATE TRIGGER review_line_no_delete BEFORE DELETE ON review_line
BEGIN SELECT RAISE(ABORT, 'lines of a review are never deleted'); END;
CREATE TRIGGER review_line_keeps BEFORE UPDATE ON review_line
WHEN NEW.id <> OLD.id OR NEW.case_id <> OLD.case_id OR NEW.finding_key <> OLD.finding_key OR NEW.rule <> OLD.rule
  OR NEW.strength <> OLD.strength OR NEW.line_table IS NOT OLD.line_table OR NEW.line_no IS NOT OLD.line_no OR NEW.asked <> OLD.asked
  OR ((NEW.proposed <> OLD.proposed OR NEW.reason <> OLD.reason OR NEW.law <> OLD.law)
      AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = OLD.case_id AND c.sent_on IS NOT NULL))
  OR (OLD.decision IS NOT NULL AND (NEW.decision IS NOT OLD.decision OR NEW.decided <> OLD.decided))
BEGIN SELECT RAISE(ABORT, 'a line keeps what it is about, what was sent and what was decided'); END;
CREATE TRIGGER review_event_no_delete BEFORE DELETE ON review_event
BEGIN SELECT RAISE(ABORT, 'the history of a review is never deleted'); END;
CREATE TRIGGER review_event_no_update BEFORE UPDATE ON review_event
WHEN NEW.reason IS NOT NULL OR NEW.id <> OLD.id OR NEW.case_id <> OLD.case_id OR NEW.client_tx <> OLD.client_tx
  OR NEW.version <> OLD.version OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.what <> OLD.what OR NEW.day IS NOT OLD.day
  OR (NEW.value IS NOT OLD.value AND (NEW.value IS NOT NULL OR OLD.what NOT IN ('file', 'inner_file')))
  OR NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id)
BEGIN SELECT RAISE(ABORT, 'the history of a review is never changed'); END;
CREATE TRIGGER review_answer_no_delete BEFORE DELETE ON review_answer
BEGIN SELECT RAISE(ABORT, 'answers are never deleted'); END;
CREATE TRIGGER review_answer_no_update BEFORE UPDATE ON review_answer
WHEN NEW.words <> '' OR NEW.id <> OLD.id OR NEW.case_id <> OLD.case_id OR NEW.line IS NOT OLD.line OR NEW.kind <> OLD.kind
  OR NEW.amount IS NOT OLD.amount OR NEW.late <> OLD.late OR NEW.answered_by <> OLD.answered_by OR NEW.answered_at <> OLD.answered_at
  OR NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id)
BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
CREATE TRIGGER review_file_no_update BEFORE UPDATE ON review_file
BEGIN SELECT RAISE(ABORT, 'attachments are never changed'); END;
CREATE TRIGGER review_file_no_delete BEFORE DELETE ON review_file
WHEN NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id)
BEGIN SELECT RAISE(ABORT, 'attachments are never deleted'); END;
CREATE TRIGGER review_signature_no_delete BEFORE DELETE ON review_signature
BEGIN SELECT RAISE(ABORT, 'signatures are never deleted'); END;
CREATE TRIGGER review_signature_ends_once BEFORE UPDATE ON review_signature
WHEN OLD.second_by IS NOT NULL OR OLD.void_by IS NOT NULL OR (NEW.second_by IS NULL AND NEW.void_by IS NULL) OR NEW.id <> OLD.id
  OR NEW.case_id <> OLD.case_id OR NEW.kind <> OLD.kind OR NEW.first_by <> OLD.first_by OR NEW.first_for IS NOT OLD.first_for
  OR NEW.first_at <> OLD.first_at
BEGIN SELECT RAISE(ABORT, 'a first signature is countersigned or made void, once'); END;
CREATE TRIGGER review_signature_line_no_update BEFORE UPDATE ON review_signature_line
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
CREATE TRIGGER review_signature_line_no_delete BEFORE DELETE ON review_signature_line
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
CREATE TRIGGER review_erasure_no_update BEFORE UPDATE ON review_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER review_erasure_no_delete BEFORE DELETE ON review_erasure
BEGIN SELECT RAISE(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER review_sample_no_delete BEFORE DELETE ON review_sample
BEGIN SELECT RAISE(ABORT, 'samples are never deleted'); END;
CREATE TRIGGER review_sample_close_only BEFORE UPDATE ON review_sample
WHEN OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL OR NEW.id <> OLD.id OR NEW.facility <> OLD.facility
  OR NEW.commune IS NOT OLD.commune OR NEW.period <> OLD.period OR NEW.seed <> OLD.seed OR NEW.confidence <> OLD.confidence
  OR NEW.population <> OLD.population OR NEW.population_amount <> OLD.population_amount
  OR NEW.population_hash <> OLD.population_hash OR NEW.size <> OLD.size OR NEW.made_at <> OLD.made_at
BEGIN SELECT RAISE(ABORT, 'a sample can only be closed, once'); END;
CREATE TRIGGER review_sample_visit_no_delete BEFORE DELETE ON review_sample_visit
BEGIN SELECT RAISE(ABORT, 'drawn visits are never deleted'); END;
CREATE TRIGGER review_sample_visit_keeps BEFORE UPDATE ON review_sample_visit
WHEN NEW.sample <> OLD.sample OR NEW.place <> OLD.place OR NEW.visit <> OLD.visit OR NEW.amount <> OLD.amount
  OR EXISTS (SELECT 1 FROM review_sample s WHERE s.id = OLD.sample AND s.closed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a drawn visit stays as it was drawn, and of a closed sample as it was found'); END;
CREATE TRIGGER review_visit_no_delete BEFORE DELETE ON review_visit
BEGIN SELECT RAISE(ABORT, 'checks are withdrawn with a reason, never deleted'); END;
CREATE TRIGGER review_visit_versions BEFORE UPDATE ON review_visit
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.facility <> OLD.facility OR NEW.commune IS NOT OLD.commune
  OR NEW.kind <> OLD.kind OR NEW.day <> OLD.day OR NEW.summary <> OLD.summary OR NEW.made_at <> OLD.made_at
  OR OLD.withdrawn IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a change of a check counts its version up and leaves what was found'); END;
CREATE TRIGGER review_visit_answer_no_update BEFORE UPDATE ON review_visit_answer
BEGIN SELECT RAISE(ABORT, 'answers of a check are never changed'); END;
CREATE TRIGGER review_visit_answer_no_delete BEFORE DELETE ON review_visit_answer
BEGIN SELECT RAISE(ABORT, 'answers of a check are never deleted'); END;
CREATE TRIGGER review_visit_case_no_update BEFORE UPDATE ON review_visit_case
BEGIN SELECT RAISE(ABORT, 'cases of a check are never changed'); END;
CREATE TRIGGER review_visit_case_no_delete BEFORE DELETE ON review_visit_case
BEGIN SELECT RAISE(ABORT, 'cases of a check are never deleted'); END;
-- A document may be about a visit: the notice of an audit. Only the CHECK changes, so no row is touched.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'subject_kind IN (''person'', ''employer'', ''plan'')', 'subject_kind IN (''person'', ''employer'', ''plan'', ''visit'')')
WHERE type = 'table' AND name = 'document';
PRAGMA writable_schema = RESET;
