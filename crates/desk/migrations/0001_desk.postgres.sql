-- Guards that PostgreSQL keeps: triggers, a role that does not own the tables and may not delete,
-- and row level security by the scope that every transaction sets (`app.scope`, `app.actor`).
-- The program works as `ansinh_app`; the connecting role owns the tables and only migrates.

CREATE FUNCTION desk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: rows are only added', TG_OP, TG_TABLE_NAME;
END $$;

CREATE FUNCTION decision_undo_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
       OR (NEW.id, NEW.client_tx, NEW.kind, NEW.left_row, NEW.right_row, NEW.commune, NEW.period, NEW.reason, NEW.decided_by, NEW.decided_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.kind, OLD.left_row, OLD.right_row, OLD.commune, OLD.period, OLD.reason, OLD.decided_by, OLD.decided_at)
    THEN
        RAISE EXCEPTION 'a decision can only be undone, once';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_counter_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_seq < OLD.last_seq OR NEW.one <> OLD.one THEN
        RAISE EXCEPTION 'the audit counter only grows';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_event_refuse BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_event_refuse_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_seal_refuse BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_seal_refuse_truncate BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_counter_refuse BEFORE INSERT OR DELETE ON audit_counter FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_counter_refuse_truncate BEFORE TRUNCATE ON audit_counter FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER audit_counter_grows BEFORE UPDATE ON audit_counter FOR EACH ROW EXECUTE FUNCTION audit_counter_grows();
CREATE TRIGGER decision_refuse BEFORE DELETE ON decision FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER decision_refuse_truncate BEFORE TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER decision_undo_only BEFORE UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_undo_only();
CREATE TRIGGER target_refuse BEFORE UPDATE OR DELETE ON target FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER target_refuse_truncate BEFORE TRUNCATE ON target FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

-- Roles belong to the whole server: another database of it may have made the role already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        BEGIN
            CREATE ROLE ansinh_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'ansinh_app', 'MEMBER') THEN
        EXECUTE format('GRANT ansinh_app TO %I', current_user);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ansinh_app', current_schema());
END $$;

GRANT SELECT, INSERT, UPDATE ON unit, desk_user TO ansinh_app;
GRANT SELECT, INSERT ON decision, target, audit_event, audit_seal TO ansinh_app;
GRANT UPDATE (undone_by, undone_at, undo_reason) ON decision TO ansinh_app;
GRANT SELECT ON audit_counter TO ansinh_app;
GRANT UPDATE (last_seq) ON audit_counter TO ansinh_app;

ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE decision FORCE ROW LEVEL SECURITY;
CREATE POLICY decision_area ON decision
    USING ((SELECT current_setting('app.scope', true)) = 'city'
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);

ALTER TABLE target ENABLE ROW LEVEL SECURITY;
ALTER TABLE target FORCE ROW LEVEL SECURITY;
CREATE POLICY target_read ON target FOR SELECT
    USING ((SELECT current_setting('app.scope', true)) = 'city'
           OR (commune IS NULL AND (SELECT current_setting('app.scope', true)) <> '')
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);
CREATE POLICY target_write ON target FOR INSERT
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);

ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_event_area ON audit_event
    USING ((SELECT current_setting('app.scope', true)) = 'city'
           OR actor = (SELECT current_setting('app.actor', true))
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0)
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'city'
                OR actor = (SELECT current_setting('app.actor', true)));

ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_seal FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_seal_city ON audit_seal
    USING ((SELECT current_setting('app.scope', true)) = 'city');
