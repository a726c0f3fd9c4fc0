CREATE TRIGGER school_erasure_refuse BEFORE UPDATE OR DELETE ON school_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER school_erasure_refuse_truncate BEFORE TRUNCATE ON school_erasure FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER subject_request_erasure_refuse BEFORE UPDATE OR DELETE ON subject_request_erasure
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER subject_request_erasure_refuse_truncate BEFORE TRUNCATE ON subject_request_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_erasure_refuse BEFORE UPDATE OR DELETE ON donor_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_erasure_refuse_truncate BEFORE TRUNCATE ON donor_erasure FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

CREATE FUNCTION school_answer_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM school_erasure e WHERE e.told_before > OLD.told_at) THEN
        RAISE EXCEPTION 'answers of schools are never deleted';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER school_answer_refuse ON school_answer;
CREATE TRIGGER school_answer_refuse BEFORE UPDATE ON school_answer FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER school_answer_erased BEFORE DELETE ON school_answer FOR EACH ROW EXECUTE FUNCTION school_answer_erased();

CREATE OR REPLACE FUNCTION subject_request_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.words = '' AND NEW.person IS NULL AND OLD.state IN ('done', 'refused')
       AND (NEW.id, NEW.client_tx, NEW.kind, NEW.commune, NEW.received_on, NEW.answer_due, NEW.done_due, NEW.state, NEW.ground,
            NEW.version, NEW.received_by, NEW.received_at, NEW.changed_at)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.client_tx, OLD.kind, OLD.commune, OLD.received_on, OLD.answer_due, OLD.done_due, OLD.state, OLD.ground,
            OLD.version, OLD.received_by, OLD.received_at, OLD.changed_at)
       AND EXISTS (SELECT 1 FROM subject_request_erasure e WHERE e.request = OLD.id)
    THEN
        RETURN NEW;
    END IF;
    IF NEW.version <> OLD.version + 1 OR OLD.state IN ('done', 'refused')
       OR (NEW.id, NEW.kind, NEW.received_on, NEW.answer_due, NEW.done_due)
          IS DISTINCT FROM (OLD.id, OLD.kind, OLD.received_on, OLD.answer_due, OLD.done_due)
    THEN
        RAISE EXCEPTION 'a change of a request counts its version up, leaves its terms and ends with its end';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION subject_request_event_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.words <> ''
       OR (NEW.id, NEW.request, NEW.at, NEW.actor, NEW.what, NEW.day)
          IS DISTINCT FROM (OLD.id, OLD.request, OLD.at, OLD.actor, OLD.what, OLD.day)
       OR NOT EXISTS (SELECT 1 FROM subject_request_erasure e WHERE e.request = OLD.request)
    THEN
        RAISE EXCEPTION 'the history of a request is never changed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER subject_request_event_refuse ON subject_request_event;
CREATE TRIGGER subject_request_event_refuse BEFORE DELETE ON subject_request_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER subject_request_event_erased BEFORE UPDATE ON subject_request_event
    FOR EACH ROW EXECUTE FUNCTION subject_request_event_erased();

CREATE OR REPLACE FUNCTION donor_choice_drop_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person >= 0 AND NEW.person < 0 AND COALESCE(NEW.drop_reason, '') = ''
       AND (NEW.id, NEW.client_tx, NEW.fund, NEW.commune, NEW.reason, NEW.scheme, NEW.first_month, NEW.months, NEW.chosen_by,
            NEW.chosen_at, NEW.dropped_at, NEW.dropped_by)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.client_tx, OLD.fund, OLD.commune, OLD.reason, OLD.scheme, OLD.first_month, OLD.months, OLD.chosen_by,
            OLD.chosen_at, OLD.dropped_at, OLD.dropped_by)
       AND EXISTS (SELECT 1 FROM donor_erasure e WHERE e.fund = OLD.fund)
    THEN
        RETURN NEW;
    END IF;
    IF OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL
       OR (NEW.id, NEW.fund, NEW.person, NEW.commune, NEW.reason, NEW.scheme, NEW.first_month, NEW.months)
          IS DISTINCT FROM (OLD.id, OLD.fund, OLD.person, OLD.commune, OLD.reason, OLD.scheme, OLD.first_month, OLD.months)
    THEN
        RAISE EXCEPTION 'a choice can only be dropped, once';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION donor_month_drop_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.person >= 0 AND NEW.person < 0
       AND (NEW.choice, NEW.commune, NEW.scheme, NEW.month, NEW.dropped_at)
           IS NOT DISTINCT FROM (OLD.choice, OLD.commune, OLD.scheme, OLD.month, OLD.dropped_at)
       AND EXISTS (SELECT 1 FROM donor_erasure e JOIN donor_choice c ON c.fund = e.fund WHERE c.id = OLD.choice)
    THEN
        RETURN NEW;
    END IF;
    IF OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL
       OR (NEW.choice, NEW.person, NEW.scheme, NEW.month) IS DISTINCT FROM (OLD.choice, OLD.person, OLD.scheme, OLD.month)
    THEN
        RAISE EXCEPTION 'a month of a choice can only be dropped, once';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION donor_payment_cancel_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cancel_reason IS NOT DISTINCT FROM ''
       AND (NEW.id, NEW.client_tx, NEW.choice, NEW.fund, NEW.commune, NEW.dong, NEW.first_month, NEW.months, NEW.number, NEW.day,
            NEW.made_by, NEW.made_at, NEW.cancelled_at, NEW.cancelled_by)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.client_tx, OLD.choice, OLD.fund, OLD.commune, OLD.dong, OLD.first_month, OLD.months, OLD.number, OLD.day,
            OLD.made_by, OLD.made_at, OLD.cancelled_at, OLD.cancelled_by)
       AND EXISTS (SELECT 1 FROM donor_erasure e WHERE e.fund = OLD.fund)
    THEN
        RETURN NEW;
    END IF;
    IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
       OR (NEW.id, NEW.choice, NEW.fund, NEW.commune, NEW.dong, NEW.first_month, NEW.months, NEW.number, NEW.day)
          IS DISTINCT FROM
          (OLD.id, OLD.choice, OLD.fund, OLD.commune, OLD.dong, OLD.first_month, OLD.months, OLD.number, OLD.day)
    THEN
        RAISE EXCEPTION 'a payment can only be cancelled, once';
    END IF;
    RETURN NEW;
END $$;

-- The program's role may neither delete answers nor change words, histories and people: these do it, as the tables' owner, for the
-- program itself alone, and only for what a decision was written down for.
CREATE FUNCTION school_erase(told_before BIGINT) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    DELETE FROM school_answer WHERE told_at < school_erase.told_before;
END $$;
CREATE FUNCTION subject_request_erase(requests TEXT[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    UPDATE subject_request SET words = '', person = NULL WHERE id = ANY (requests);
    UPDATE subject_request_event SET words = '' WHERE request = ANY (requests);
END $$;
CREATE FUNCTION donor_erase(one_fund TEXT, one_person BIGINT, nobody BIGINT) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    UPDATE donor_payment SET cancel_reason = '' WHERE cancel_reason <> ''
        AND choice IN (SELECT id FROM donor_choice WHERE fund = one_fund AND person = one_person);
    UPDATE donor_month SET person = nobody WHERE person = one_person
        AND choice IN (SELECT id FROM donor_choice WHERE fund = one_fund AND person = one_person);
    UPDATE donor_choice SET person = nobody, drop_reason = CASE WHEN drop_reason IS NULL THEN NULL ELSE '' END
    WHERE fund = one_fund AND person = one_person;
END $$;

GRANT SELECT, INSERT ON school_erasure, subject_request_erasure, donor_erasure TO ansinh_app;

ALTER TABLE school_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE school_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY school_erasure_read ON school_erasure FOR SELECT
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'data_protection', 'system'));
CREATE POLICY school_erasure_add ON school_erasure FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE subject_request_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject_request_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY subject_request_erasure_read ON subject_request_erasure FOR SELECT
    USING (EXISTS (SELECT 1 FROM subject_request r WHERE r.id = request));
CREATE POLICY subject_request_erasure_add ON subject_request_erasure FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
ALTER TABLE donor_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_erasure_read ON donor_erasure FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY donor_erasure_add ON donor_erasure FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');

-- A draft, one that was given back, and one given up before it had a number are their unit's; oversight of them is the city's.
DROP POLICY document_area ON document;
CREATE POLICY document_area ON document
    USING (((SELECT current_setting('app.scope', true)) = 'city'
            OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0)
           AND (office = 'commune' OR (SELECT current_setting('app.employees', true)) = 'yes')
           AND (number IS NOT NULL OR state IN ('approved', 'sent') OR issuer = (SELECT current_setting('app.unit', true))
                OR (SELECT current_setting('app.role', true)) IN ('city_officer', 'system')));

GRANT SELECT, INSERT, DELETE ON identity_logout TO ansinh_app;
ALTER TABLE identity_logout ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_logout FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_logout_program ON identity_logout USING ((SELECT current_setting('app.role', true)) = 'system');
