CREATE TRIGGER case_erasure_refuse BEFORE UPDATE OR DELETE ON case_erasure FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_erasure_refuse_truncate BEFORE TRUNCATE ON case_erasure FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

-- Files go, and words and file names of the history are emptied, of closed cases that a decision erased; nothing else is changed.
CREATE FUNCTION case_file_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM case_erasure e JOIN work_case c ON c.id = e.case_id WHERE e.case_id = OLD.case_id AND c.state = 'done') THEN
        RAISE EXCEPTION 'attachments are never deleted';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER case_file_refuse ON case_file;
CREATE TRIGGER case_file_refuse BEFORE UPDATE ON case_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_file_erased BEFORE DELETE ON case_file FOR EACH ROW EXECUTE FUNCTION case_file_erased();

CREATE FUNCTION case_event_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reason IS NOT NULL
       OR (NEW.id, NEW.case_id, NEW.client_tx, NEW.version, NEW.at, NEW.actor, NEW.what, NEW.day)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.client_tx, OLD.version, OLD.at, OLD.actor, OLD.what, OLD.day)
       OR ((NEW.value IS DISTINCT FROM OLD.value) AND (NEW.value IS NOT NULL OR OLD.what <> 'file'))
       OR NOT EXISTS (SELECT 1 FROM case_erasure e JOIN work_case c ON c.id = e.case_id WHERE e.case_id = OLD.case_id AND c.state = 'done')
    THEN
        RAISE EXCEPTION 'the history of a case is never changed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER case_event_refuse ON case_event;
CREATE TRIGGER case_event_refuse BEFORE DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_event_erased BEFORE UPDATE ON case_event FOR EACH ROW EXECUTE FUNCTION case_event_erased();

-- The program's role may neither delete files nor change a history: this does it, as the tables' owner, for the program itself alone.
CREATE FUNCTION case_erase(cases TEXT[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('app.role', true) IS DISTINCT FROM 'system' THEN
        RAISE EXCEPTION 'only the program itself erases';
    END IF;
    DELETE FROM case_file WHERE case_id = ANY (cases);
    UPDATE case_event SET reason = NULL, value = CASE WHEN what = 'file' THEN NULL ELSE value END
    WHERE case_id = ANY (cases) AND (reason IS NOT NULL OR (what = 'file' AND value IS NOT NULL));
END $$;

GRANT SELECT, INSERT ON case_erasure TO ansinh_app;

ALTER TABLE case_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY case_erasure_read ON case_erasure FOR SELECT USING (EXISTS (SELECT 1 FROM work_case c WHERE c.id = case_id));
CREATE POLICY case_erasure_add ON case_erasure FOR INSERT WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
