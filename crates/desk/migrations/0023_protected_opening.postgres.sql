CREATE FUNCTION protected_opening_fill_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.client_tx, NEW.actor, NEW.unit, NEW.visit, NEW.facility, NEW.commune, NEW.reason, NEW.opened_at, NEW.until_at)
       IS DISTINCT FROM
       (OLD.id, OLD.client_tx, OLD.actor, OLD.unit, OLD.visit, OLD.facility, OLD.commune, OLD.reason, OLD.opened_at, OLD.until_at)
       OR (OLD.reviewed_at IS NOT NULL
           AND (NEW.reviewed_by, NEW.reviewed_at, NEW.review) IS DISTINCT FROM (OLD.reviewed_by, OLD.reviewed_at, OLD.review))
    THEN
        RAISE EXCEPTION 'an opening is reviewed once, else never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER protected_opening_fill_only BEFORE UPDATE ON protected_opening
    FOR EACH ROW EXECUTE FUNCTION protected_opening_fill_only();
CREATE TRIGGER protected_opening_refuse BEFORE DELETE ON protected_opening FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER protected_opening_refuse_truncate BEFORE TRUNCATE ON protected_opening
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON protected_opening TO ansinh_app;
GRANT UPDATE (reviewed_by, reviewed_at, review) ON protected_opening TO ansinh_app;

-- One's own openings, and all of them for who reviews them. A facility and a base office see none, whatever the program asks.
ALTER TABLE protected_opening ENABLE ROW LEVEL SECURITY;
ALTER TABLE protected_opening FORCE ROW LEVEL SECURITY;
CREATE POLICY protected_opening_read ON protected_opening FOR SELECT
    USING (actor = (SELECT current_setting('app.actor', true))
           OR (SELECT current_setting('app.role', true)) IN ('data_protection', 'administrator', 'system'));
CREATE POLICY protected_opening_add ON protected_opening FOR INSERT
    WITH CHECK (actor = (SELECT current_setting('app.actor', true))
                AND (SELECT current_setting('app.role', true)) = 'city_officer');
CREATE POLICY protected_opening_review ON protected_opening FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('data_protection', 'administrator')
           AND actor <> (SELECT current_setting('app.actor', true)));
