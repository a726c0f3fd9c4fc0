CREATE TRIGGER document_erasure_refuse BEFORE UPDATE OR DELETE ON document_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_erasure_refuse_truncate BEFORE TRUNCATE ON document_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

-- A numbered document keeps its text until a decision erases it; its number, day and symbol stay even then.
CREATE OR REPLACE FUNCTION document_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.issuer, NEW.office, NEW.subject_kind, NEW.subject, NEW.check_code, NEW.check_hash, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.issuer, OLD.office, OLD.subject_kind, OLD.subject, OLD.check_code, OLD.check_hash, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a document counts its version up and leaves what it is about';
    END IF;
    IF OLD.number IS NOT NULL
       AND ((NEW.number, NEW.number_day, NEW.symbol) IS DISTINCT FROM (OLD.number, OLD.number_day, OLD.symbol)
            OR ((NEW.letter, NEW.recipient) IS DISTINCT FROM (OLD.letter, OLD.recipient)
                AND (NEW.letter <> '' OR NEW.recipient <> '' OR OLD.state NOT IN ('delivered', 'withdrawn')
                     OR NOT EXISTS (SELECT 1 FROM document_erasure e WHERE e.document_id = OLD.id))))
    THEN
        RAISE EXCEPTION 'a numbered document keeps its number and its text';
    END IF;
    RETURN NEW;
END $$;

-- Files go, and words of the history are emptied, of documents that a decision erased; nothing else is changed.
CREATE FUNCTION document_is_erased(one TEXT) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM document_erasure e JOIN document d ON d.id = e.document_id
                   WHERE e.document_id = $1 AND d.state IN ('delivered', 'withdrawn'))
$$;
CREATE FUNCTION document_file_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT document_is_erased(OLD.document_id) THEN
        RAISE EXCEPTION 'files of documents are never deleted';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER document_file_refuse ON document_file;
CREATE TRIGGER document_file_refuse BEFORE UPDATE ON document_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_file_erased BEFORE DELETE ON document_file FOR EACH ROW EXECUTE FUNCTION document_file_erased();

CREATE FUNCTION document_event_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reason IS NOT NULL
       OR (NEW.id, NEW.document_id, NEW.client_tx, NEW.version, NEW.at, NEW.actor, NEW.what, NEW.value, NEW.day)
          IS DISTINCT FROM
          (OLD.id, OLD.document_id, OLD.client_tx, OLD.version, OLD.at, OLD.actor, OLD.what, OLD.value, OLD.day)
       OR NOT document_is_erased(OLD.document_id)
    THEN
        RAISE EXCEPTION 'the history of a document is never changed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER document_event_refuse ON document_event;
CREATE TRIGGER document_event_refuse BEFORE DELETE ON document_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER document_event_erased BEFORE UPDATE ON document_event FOR EACH ROW EXECUTE FUNCTION document_event_erased();

-- The program's role may neither delete files nor change a history: this does it, as the tables' owner, for the program itself alone.
CREATE FUNCTION document_erase(documents TEXT[], erased_at BIGINT) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    DELETE FROM document_file WHERE document_id = ANY (documents);
    UPDATE document_event SET reason = NULL WHERE document_id = ANY (documents) AND reason IS NOT NULL;
    UPDATE document SET letter = '', recipient = '', version = version + 1, changed_at = document_erase.erased_at
    WHERE id = ANY (documents);
END $$;

GRANT SELECT, INSERT ON document_erasure TO ansinh_app;

-- Seen with the document; written by the program itself.
ALTER TABLE document_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY document_erasure_read ON document_erasure FOR SELECT USING (EXISTS (SELECT 1 FROM document d WHERE d.id = document_id));
CREATE POLICY document_erasure_add ON document_erasure FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');

-- The program itself erases documents of every unit.
DROP POLICY document_issuer_changes ON document;
CREATE POLICY document_issuer_changes ON document AS RESTRICTIVE FOR UPDATE
    USING (issuer = (SELECT current_setting('app.unit', true)) OR (SELECT current_setting('app.role', true)) = 'system');
