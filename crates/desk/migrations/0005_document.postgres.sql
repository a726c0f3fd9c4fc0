CREATE FUNCTION document_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.issuer, NEW.office, NEW.subject_kind, NEW.subject, NEW.check_code, NEW.check_hash, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.issuer, OLD.office, OLD.subject_kind, OLD.subject, OLD.check_code, OLD.check_hash, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a document counts its version up and leaves what it is about';
    END IF;
    IF OLD.number IS NOT NULL
       AND (NEW.letter, NEW.number, NEW.number_day, NEW.symbol, NEW.recipient)
           IS DISTINCT FROM (OLD.letter, OLD.number, OLD.number_day, OLD.symbol, OLD.recipient)
    THEN
        RAISE EXCEPTION 'a numbered document keeps its number and its text';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_rules BEFORE UPDATE ON document FOR EACH ROW EXECUTE FUNCTION document_rules();
CREATE TRIGGER document_refuse BEFORE DELETE ON document FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_refuse_truncate BEFORE TRUNCATE ON document FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_event_refuse BEFORE UPDATE OR DELETE ON document_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_event_refuse_truncate BEFORE TRUNCATE ON document_event
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_file_refuse BEFORE UPDATE OR DELETE ON document_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_file_refuse_truncate BEFORE TRUNCATE ON document_file FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE FUNCTION document_counter_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last <> OLD.last + 1 THEN
        RAISE EXCEPTION 'numbers of documents rise by one';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_counter_up BEFORE UPDATE ON document_counter FOR EACH ROW EXECUTE FUNCTION document_counter_up();
CREATE TRIGGER document_counter_refuse BEFORE DELETE ON document_counter FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_setting_refuse BEFORE DELETE ON document_setting FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON document, document_event, document_file, document_counter, document_setting TO ansinh_app;
GRANT UPDATE (commune, symbol, title, recipient, letter, state, package, number, number_year, number_day, signature, signature_report,
              delivered_day, delivered_how, approved_by, version, changed_at) ON document TO ansinh_app;
GRANT UPDATE (last) ON document_counter TO ansinh_app;
GRANT UPDATE (own_numbers, second_person, version, changed_by, changed_at) ON document_setting TO ansinh_app;

-- Seen like the cases of the same area and kind of office; changed by the unit that issues it.
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE document FORCE ROW LEVEL SECURITY;
CREATE POLICY document_area ON document
    USING (((SELECT current_setting('app.scope', true)) = 'city'
            OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0)
           AND (office = 'commune' OR (SELECT current_setting('app.employees', true)) = 'yes'));
CREATE POLICY document_issuer_adds ON document AS RESTRICTIVE FOR INSERT
    WITH CHECK (issuer = (SELECT current_setting('app.unit', true)));
CREATE POLICY document_issuer_changes ON document AS RESTRICTIVE FOR UPDATE
    USING (issuer = (SELECT current_setting('app.unit', true)));

-- What belongs to a document is seen with the document.
ALTER TABLE document_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_event FORCE ROW LEVEL SECURITY;
CREATE POLICY document_event_with_document ON document_event
    USING (EXISTS (SELECT 1 FROM document d WHERE d.id = document_id));
ALTER TABLE document_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_file FORCE ROW LEVEL SECURITY;
CREATE POLICY document_file_with_document ON document_file
    USING (EXISTS (SELECT 1 FROM document d WHERE d.id = document_id));

-- Numbers are those of one's own unit; the program itself sees every row, so that a backup holds all of them.
ALTER TABLE document_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY document_counter_own ON document_counter
    USING (issuer = (SELECT current_setting('app.unit', true)) OR (SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE document_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY document_setting_read ON document_setting FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY document_setting_add ON document_setting FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY document_setting_change ON document_setting FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
