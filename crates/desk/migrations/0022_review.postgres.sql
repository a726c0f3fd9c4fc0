CREATE FUNCTION review_case_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.visit, NEW.facility, NEW.commune, NEW.period, NEW.billed, NEW.opened_at)
          IS DISTINCT FROM (OLD.id, OLD.visit, OLD.facility, OLD.commune, OLD.period, OLD.billed, OLD.opened_at)
       OR (OLD.sent_on IS NOT NULL
           AND (NEW.sent_on, NEW.due, NEW.proposed) IS DISTINCT FROM (OLD.sent_on, OLD.due, OLD.proposed))
    THEN
        RAISE EXCEPTION 'a change of a review counts its version up and leaves what it is about, and what was sent';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_line_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.finding_key, NEW.rule, NEW.strength, NEW.line_table, NEW.line_no, NEW.asked)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.finding_key, OLD.rule, OLD.strength, OLD.line_table, OLD.line_no, OLD.asked)
       OR ((NEW.proposed, NEW.reason, NEW.law) IS DISTINCT FROM (OLD.proposed, OLD.reason, OLD.law)
           AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = OLD.case_id AND c.sent_on IS NOT NULL))
       OR (OLD.decision IS NOT NULL AND (NEW.decision, NEW.decided) IS DISTINCT FROM (OLD.decision, OLD.decided))
    THEN
        RAISE EXCEPTION 'a line keeps what it is about, what was sent and what was decided';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_event_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reason IS NOT NULL
       OR (NEW.id, NEW.case_id, NEW.client_tx, NEW.version, NEW.at, NEW.actor, NEW.what, NEW.day)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.client_tx, OLD.version, OLD.at, OLD.actor, OLD.what, OLD.day)
       OR ((NEW.value IS DISTINCT FROM OLD.value)
           AND (NEW.value IS NOT NULL OR OLD.what NOT IN ('file', 'inner_file')))
       OR NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id)
    THEN
        RAISE EXCEPTION 'the history of a review is never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_answer_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.words <> ''
       OR (NEW.id, NEW.case_id, NEW.line, NEW.kind, NEW.amount, NEW.late, NEW.answered_by, NEW.answered_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.line, OLD.kind, OLD.amount, OLD.late, OLD.answered_by, OLD.answered_at)
       OR NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id)
    THEN
        RAISE EXCEPTION 'answers are never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_file_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM review_erasure e WHERE e.case_id = OLD.case_id) THEN
        RAISE EXCEPTION 'attachments are never deleted';
    END IF;
    RETURN OLD;
END $$;
CREATE FUNCTION review_signature_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.second_by IS NOT NULL OR OLD.void_by IS NOT NULL OR (NEW.second_by IS NULL AND NEW.void_by IS NULL)
       OR (NEW.id, NEW.case_id, NEW.kind, NEW.first_by, NEW.first_for, NEW.first_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.kind, OLD.first_by, OLD.first_for, OLD.first_at)
    THEN
        RAISE EXCEPTION 'a first signature is countersigned or made void, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_sample_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
       OR (NEW.id, NEW.client_tx, NEW.facility, NEW.commune, NEW.period, NEW.seed, NEW.confidence, NEW.population, NEW.population_amount,
           NEW.population_hash, NEW.size, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.facility, OLD.commune, OLD.period, OLD.seed, OLD.confidence, OLD.population, OLD.population_amount,
           OLD.population_hash, OLD.size, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a sample can only be closed, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_sample_visit_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.sample, NEW.place, NEW.visit, NEW.amount) IS DISTINCT FROM (OLD.sample, OLD.place, OLD.visit, OLD.amount)
       OR EXISTS (SELECT 1 FROM review_sample s WHERE s.id = OLD.sample AND s.closed_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'a drawn visit stays as it was drawn, and of a closed sample as it was found';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION review_visit_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 OR OLD.withdrawn IS NOT NULL
       OR (NEW.id, NEW.facility, NEW.commune, NEW.kind, NEW.day, NEW.summary, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.facility, OLD.commune, OLD.kind, OLD.day, OLD.summary, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a check counts its version up and leaves what was found';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_case_rules BEFORE UPDATE ON review_case FOR EACH ROW EXECUTE FUNCTION review_case_rules();
CREATE TRIGGER review_case_refuse BEFORE DELETE ON review_case FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_case_refuse_truncate BEFORE TRUNCATE ON review_case FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_line_rules BEFORE UPDATE ON review_line FOR EACH ROW EXECUTE FUNCTION review_line_rules();
CREATE TRIGGER review_line_refuse BEFORE DELETE ON review_line FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_event_erased BEFORE UPDATE ON review_event FOR EACH ROW EXECUTE FUNCTION review_event_erased();
CREATE TRIGGER review_event_refuse BEFORE DELETE ON review_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_event_refuse_truncate BEFORE TRUNCATE ON review_event FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_answer_erased BEFORE UPDATE ON review_answer FOR EACH ROW EXECUTE FUNCTION review_answer_erased();
CREATE TRIGGER review_answer_refuse BEFORE DELETE ON review_answer FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_file_refuse BEFORE UPDATE ON review_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_file_erased BEFORE DELETE ON review_file FOR EACH ROW EXECUTE FUNCTION review_file_erased();
CREATE TRIGGER review_file_refuse_truncate BEFORE TRUNCATE ON review_file FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_signature_rules BEFORE UPDATE ON review_signature FOR EACH ROW EXECUTE FUNCTION review_signature_rules();
CREATE TRIGGER review_signature_refuse BEFORE DELETE ON review_signature FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_signature_line_refuse BEFORE UPDATE OR DELETE ON review_signature_line
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_erasure_refuse BEFORE UPDATE OR DELETE ON review_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_erasure_refuse_truncate BEFORE TRUNCATE ON review_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_sample_rules BEFORE UPDATE ON review_sample FOR EACH ROW EXECUTE FUNCTION review_sample_rules();
CREATE TRIGGER review_sample_refuse BEFORE DELETE ON review_sample FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_sample_visit_rules BEFORE UPDATE ON review_sample_visit
    FOR EACH ROW EXECUTE FUNCTION review_sample_visit_rules();
CREATE TRIGGER review_sample_visit_refuse BEFORE DELETE ON review_sample_visit FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_visit_rules BEFORE UPDATE ON review_visit FOR EACH ROW EXECUTE FUNCTION review_visit_rules();
CREATE TRIGGER review_visit_refuse BEFORE DELETE ON review_visit FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_visit_answer_refuse BEFORE UPDATE OR DELETE ON review_visit_answer
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER review_visit_case_refuse BEFORE UPDATE OR DELETE ON review_visit_case
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();

-- The program's role may neither delete files nor change words: this does it, as the tables' owner, for the program itself alone.
CREATE FUNCTION review_erase(cases TEXT[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    DELETE FROM review_file WHERE case_id = ANY (cases);
    UPDATE review_answer SET words = '' WHERE case_id = ANY (cases) AND words <> '';
    UPDATE review_event SET reason = NULL, value = CASE WHEN what IN ('file', 'inner_file') THEN NULL ELSE value END
    WHERE case_id = ANY (cases) AND (reason IS NOT NULL OR (what IN ('file', 'inner_file') AND value IS NOT NULL));
END $$;

GRANT SELECT, INSERT ON review_case, review_line, review_event, review_answer, review_file, review_signature, review_signature_line,
    review_erasure, review_sample, review_sample_visit, review_visit, review_visit_answer, review_visit_case TO ansinh_app;
GRANT UPDATE (portal_code, state, owner, expected, strength, priority, words, sent_on, due, answered_on, late, notice, pending, referred,
              asked, proposed, decided, overturned, collected, version, changed_at) ON review_case TO ansinh_app;
GRANT UPDATE (reason, law, proposed, decided, overturned, decision, decision_reason, appeal, appeal_reason) ON review_line TO ansinh_app;
GRANT UPDATE (second_by, second_for, second_at, void_by, void_at) ON review_signature TO ansinh_app;
GRANT UPDATE (closed_by, closed_at) ON review_sample TO ansinh_app;
GRANT UPDATE (error, note, checked_by, checked_at) ON review_sample_visit TO ansinh_app;
GRANT UPDATE (minutes, minutes_tx, withdrawn, withdrawn_tx, version, changed_at) ON review_visit TO ansinh_app;

-- The agency's officers see the cases of facilities in their area. A facility (unit `kcb-<code>`) sees its own, once they were sent to it;
-- it answers what was sent and appeals against what was decided, and changes nothing else.
ALTER TABLE review_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_case FORCE ROW LEVEL SECURITY;
CREATE POLICY review_case_read ON review_case FOR SELECT
    USING (((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
            AND ((SELECT current_setting('app.scope', true)) = 'city'
                 OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0))
           OR ((SELECT current_setting('app.role', true)) = 'facility_staff' AND sent_on IS NOT NULL
               AND 'kcb-' || facility = (SELECT current_setting('app.unit', true))));
CREATE POLICY review_case_add ON review_case FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND ((SELECT current_setting('app.scope', true)) = 'city'
                     OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
CREATE POLICY review_case_change ON review_case FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
CREATE POLICY review_case_answer ON review_case FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) = 'facility_staff' AND state IN ('sent', 'decided')
           AND sent_on IS NOT NULL AND 'kcb-' || facility = (SELECT current_setting('app.unit', true)))
    WITH CHECK ((SELECT current_setting('app.role', true)) = 'facility_staff' AND state IN ('answered', 'appealed')
                AND 'kcb-' || facility = (SELECT current_setting('app.unit', true)));

-- What belongs to a case is seen with the case; lines, signatures and notes are the agency's to write.
ALTER TABLE review_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_line FORCE ROW LEVEL SECURITY;
CREATE POLICY review_line_read ON review_line FOR SELECT USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_line_add ON review_line FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_line_change ON review_line FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));

ALTER TABLE review_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_event FORCE ROW LEVEL SECURITY;
CREATE POLICY review_event_read ON review_event FOR SELECT
    USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id)
           AND ((SELECT current_setting('app.role', true)) <> 'facility_staff'
                OR what IN ('sent', 'answered', 'file', 'decided', 'appealed', 'settled', 'collected', 'closed')));
CREATE POLICY review_event_add ON review_event FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id)
                AND ((SELECT current_setting('app.role', true)) <> 'facility_staff' OR what IN ('answered', 'file', 'appealed')));
-- Erasing changes words as the tables' owner, for the program itself.
CREATE POLICY review_event_erase ON review_event FOR UPDATE USING ((SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE review_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY review_answer_read ON review_answer FOR SELECT USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_answer_add ON review_answer FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) = 'facility_staff'
                AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_answer_erase ON review_answer FOR UPDATE USING ((SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE review_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_file FORCE ROW LEVEL SECURITY;
CREATE POLICY review_file_read ON review_file FOR SELECT
    USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id)
           AND ((SELECT current_setting('app.role', true)) <> 'facility_staff' OR kind IN ('proof', 'minutes')));
CREATE POLICY review_file_add ON review_file FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id)
                AND ((SELECT current_setting('app.role', true)) <> 'facility_staff' OR kind = 'proof'));
CREATE POLICY review_file_erase ON review_file FOR DELETE USING ((SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE review_signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_signature FORCE ROW LEVEL SECURITY;
CREATE POLICY review_signature_agency ON review_signature
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
ALTER TABLE review_signature_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_signature_line FORCE ROW LEVEL SECURITY;
CREATE POLICY review_signature_line_agency ON review_signature_line
    USING (EXISTS (SELECT 1 FROM review_signature s WHERE s.id = signature));

ALTER TABLE review_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY review_erasure_read ON review_erasure FOR SELECT USING (EXISTS (SELECT 1 FROM review_case c WHERE c.id = case_id));
CREATE POLICY review_erasure_add ON review_erasure FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');

-- Samples and checks on the spot are the agency's own.
ALTER TABLE review_sample ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_sample FORCE ROW LEVEL SECURITY;
CREATE POLICY review_sample_agency ON review_sample
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
ALTER TABLE review_sample_visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_sample_visit FORCE ROW LEVEL SECURITY;
CREATE POLICY review_sample_visit_agency ON review_sample_visit
    USING (EXISTS (SELECT 1 FROM review_sample s WHERE s.id = sample));
ALTER TABLE review_visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_visit FORCE ROW LEVEL SECURITY;
CREATE POLICY review_visit_agency ON review_visit
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
ALTER TABLE review_visit_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_visit_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY review_visit_answer_agency ON review_visit_answer
    USING (EXISTS (SELECT 1 FROM review_visit v WHERE v.id = review_visit));
ALTER TABLE review_visit_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE review_visit_case FORCE ROW LEVEL SECURITY;
CREATE POLICY review_visit_case_agency ON review_visit_case
    USING (EXISTS (SELECT 1 FROM review_visit v WHERE v.id = review_visit));

-- A document may be about a visit: the notice of an audit.
ALTER TABLE document DROP CONSTRAINT document_subject_kind_check;
ALTER TABLE document ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN ('person', 'employer', 'plan', 'visit'));
