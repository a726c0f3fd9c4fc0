CREATE FUNCTION break_glass_fill_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.client_tx, NEW.actor, NEW.unit, NEW.person, NEW.commune, NEW.reason, NEW.opened_at, NEW.until_at)
       IS DISTINCT FROM
       (OLD.id, OLD.client_tx, OLD.actor, OLD.unit, OLD.person, OLD.commune, OLD.reason, OLD.opened_at, OLD.until_at)
       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
       OR (OLD.reviewed_at IS NOT NULL
           AND (NEW.reviewed_by, NEW.reviewed_at, NEW.review) IS DISTINCT FROM (OLD.reviewed_by, OLD.reviewed_at, OLD.review))
    THEN
        RAISE EXCEPTION 'an opening is ended once and reviewed once, else never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER break_glass_fill_only BEFORE UPDATE ON break_glass FOR EACH ROW EXECUTE FUNCTION break_glass_fill_only();
CREATE TRIGGER break_glass_refuse BEFORE DELETE ON break_glass FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER break_glass_refuse_truncate BEFORE TRUNCATE ON break_glass FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON break_glass TO ansinh_app;
GRANT UPDATE (ended_at, reviewed_by, reviewed_at, review) ON break_glass TO ansinh_app;

ALTER TABLE break_glass ENABLE ROW LEVEL SECURITY;
ALTER TABLE break_glass FORCE ROW LEVEL SECURITY;
CREATE POLICY break_glass_own ON break_glass
    USING (actor = (SELECT current_setting('app.actor', true))
           OR (SELECT current_setting('app.role', true)) IN ('data_protection', 'administrator', 'system'));
