CREATE FUNCTION outbox_delivery_done_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'done' OR (NEW.event, NEW.receiver) IS DISTINCT FROM (OLD.event, OLD.receiver) THEN
        RAISE EXCEPTION 'what was delivered stays delivered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outbox_delivery_done_once BEFORE UPDATE ON outbox_delivery FOR EACH ROW EXECUTE FUNCTION outbox_delivery_done_once();
CREATE TRIGGER outbox_event_refuse BEFORE UPDATE OR DELETE ON outbox_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER outbox_event_refuse_truncate BEFORE TRUNCATE ON outbox_event FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER outbox_delivery_refuse BEFORE DELETE ON outbox_delivery FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER outbox_delivery_refuse_truncate BEFORE TRUNCATE ON outbox_delivery FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON outbox_receiver, outbox_event, outbox_delivery TO ansinh_app;
GRANT UPDATE (kinds, active, changed_at) ON outbox_receiver TO ansinh_app;
GRANT UPDATE (state, attempts, due_at, done_at, failed) ON outbox_delivery TO ansinh_app;

-- Whoever changes something writes what goes out; the program delivers it, and the administrator looks at what did not go.
ALTER TABLE outbox_receiver ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_receiver FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_receiver_read ON outbox_receiver FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY outbox_receiver_add ON outbox_receiver FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) = 'system');
CREATE POLICY outbox_receiver_change ON outbox_receiver FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) = 'system');

ALTER TABLE outbox_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_event FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_event_read ON outbox_event FOR SELECT
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY outbox_event_add ON outbox_event FOR INSERT
    WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');

ALTER TABLE outbox_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_delivery_read ON outbox_delivery FOR SELECT
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
CREATE POLICY outbox_delivery_add ON outbox_delivery FOR INSERT
    WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY outbox_delivery_change ON outbox_delivery FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('administrator', 'system'));
