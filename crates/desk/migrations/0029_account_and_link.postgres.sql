CREATE FUNCTION case_link_away_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
       OR (NEW.id, NEW.client_tx, NEW.first_case, NEW.second_case, NEW.kind, NEW.made_by, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.first_case, OLD.second_case, OLD.kind, OLD.made_by, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a link of cases is taken away once, else never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_link_away_only BEFORE UPDATE ON case_link FOR EACH ROW EXECUTE FUNCTION case_link_away_only();
CREATE TRIGGER case_link_refuse BEFORE DELETE ON case_link FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER case_link_refuse_truncate BEFORE TRUNCATE ON case_link FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON case_link TO ansinh_app;
GRANT UPDATE (removed_by, removed_at) ON case_link TO ansinh_app;

-- A link is seen by who sees both cases: neither end tells of the other.
ALTER TABLE case_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_link FORCE ROW LEVEL SECURITY;
CREATE POLICY case_link_with_cases ON case_link
    USING (EXISTS (SELECT 1 FROM work_case c WHERE c.id = first_case)
           AND EXISTS (SELECT 1 FROM work_case c WHERE c.id = second_case));
