CREATE FUNCTION collector_card_withdraw_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_on IS NOT NULL OR NEW.withdrawn_on IS NULL
       OR (NEW.id, NEW.client_tx, NEW.collector, NEW.organisation, NEW.number, NEW.area, NEW.first_day, NEW.last_day, NEW.given_by,
           NEW.given_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.collector, OLD.organisation, OLD.number, OLD.area, OLD.first_day, OLD.last_day, OLD.given_by,
           OLD.given_at)
    THEN
        RAISE EXCEPTION 'a card can only be withdrawn, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collector_card_withdraw_only BEFORE UPDATE ON collector_card FOR EACH ROW EXECUTE FUNCTION collector_card_withdraw_only();
CREATE FUNCTION collector_complaint_resolve_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verdict IS NOT NULL OR NEW.verdict IS NULL
       OR (NEW.id, NEW.client_tx, NEW.collector, NEW.category, NEW.words, NEW.received_on, NEW.due, NEW.made_by, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.client_tx, OLD.collector, OLD.category, OLD.words, OLD.received_on, OLD.due, OLD.made_by, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a complaint can only be resolved, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collector_complaint_resolve_only BEFORE UPDATE ON collector_complaint
    FOR EACH ROW EXECUTE FUNCTION collector_complaint_resolve_only();
CREATE TRIGGER collector_refuse BEFORE UPDATE OR DELETE ON collector FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_refuse_truncate BEFORE TRUNCATE ON collector FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_card_refuse BEFORE DELETE ON collector_card FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_card_refuse_truncate BEFORE TRUNCATE ON collector_card FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_training_refuse BEFORE UPDATE OR DELETE ON collector_training FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_attendance_refuse BEFORE UPDATE OR DELETE ON collector_attendance
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_complaint_refuse BEFORE DELETE ON collector_complaint FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_complaint_refuse_truncate BEFORE TRUNCATE ON collector_complaint
    FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_list_refuse BEFORE UPDATE OR DELETE ON collector_list FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER collector_list_case_refuse BEFORE UPDATE OR DELETE ON collector_list_case
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON collector, collector_card, collector_training, collector_attendance, collector_complaint, collector_list,
    collector_list_case TO ansinh_app;
GRANT UPDATE (withdrawn_on, withdrawn_by, withdrawn_at, withdraw_reason) ON collector_card TO ansinh_app;
GRANT UPDATE (verdict, resolved_on, resolved_by, resolved_at, resolution) ON collector_complaint TO ansinh_app;

-- A card is seen by the whole city, by who has a commune of its area, and by the organisation itself; the insurance agency alone writes.
ALTER TABLE collector_card ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_card FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_card_read ON collector_card FOR SELECT
    USING (((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
            AND ((SELECT current_setting('app.scope', true)) = 'city'
                 OR string_to_array(area, ',') && string_to_array(btrim((SELECT current_setting('app.scope', true)), ','), ',')))
           OR ((SELECT current_setting('app.role', true)) = 'collector'
               AND organisation = (SELECT current_setting('app.unit', true))));
CREATE POLICY collector_card_add ON collector_card FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND ((SELECT current_setting('app.scope', true)) = 'city'
                     OR string_to_array(area, ',') <@ string_to_array(btrim((SELECT current_setting('app.scope', true)), ','), ',')));
CREATE POLICY collector_card_withdraw ON collector_card FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR string_to_array(area, ',') <@ string_to_array(btrim((SELECT current_setting('app.scope', true)), ','), ',')));

ALTER TABLE collector ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_read ON collector FOR SELECT
    USING (((SELECT current_setting('app.role', true)) IN ('city_officer', 'system')
            AND (SELECT current_setting('app.scope', true)) = 'city')
           OR EXISTS (SELECT 1 FROM collector_card k WHERE k.collector = collector.id));
CREATE POLICY collector_add ON collector FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system'));

-- A training holds nothing of people; who was there is seen with the collector.
ALTER TABLE collector_training ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_training FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_training_read ON collector_training FOR SELECT
    USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY collector_training_add ON collector_training FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system'));
ALTER TABLE collector_attendance ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_attendance FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_attendance_read ON collector_attendance FOR SELECT
    USING (EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));
CREATE POLICY collector_attendance_add ON collector_attendance FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));

ALTER TABLE collector_complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_complaint FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_complaint_read ON collector_complaint FOR SELECT
    USING (EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));
CREATE POLICY collector_complaint_add ON collector_complaint FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));
CREATE POLICY collector_complaint_resolve ON collector_complaint FOR UPDATE
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
           AND EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));

ALTER TABLE collector_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_list FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_list_read ON collector_list FOR SELECT
    USING (EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));
CREATE POLICY collector_list_add ON collector_list FOR INSERT
    WITH CHECK ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'system')
                AND EXISTS (SELECT 1 FROM collector c WHERE c.id = collector));
ALTER TABLE collector_list_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE collector_list_case FORCE ROW LEVEL SECURITY;
CREATE POLICY collector_list_case_read ON collector_list_case FOR SELECT
    USING (EXISTS (SELECT 1 FROM collector_list l WHERE l.id = list));
CREATE POLICY collector_list_case_add ON collector_list_case FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM collector_list l WHERE l.id = list));
