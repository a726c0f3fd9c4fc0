CREATE FUNCTION committee_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.commune, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.commune, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a body counts its version up';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION committee_member_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.last_day IS NOT NULL OR NEW.last_day IS NULL
       OR (NEW.id, NEW.committee, NEW.name, NEW.office, NEW.part, NEW.decision, NEW.decided_on, NEW.first_day, NEW.made_at)
          IS DISTINCT FROM
          (OLD.id, OLD.committee, OLD.name, OLD.office, OLD.part, OLD.decision, OLD.decided_on, OLD.first_day, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a member can only leave, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION committee_meeting_withdraw_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR (NEW.id, NEW.committee, NEW.held_on, NEW.place, NEW.online, NEW.agenda, NEW.guests, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.committee, OLD.held_on, OLD.place, OLD.online, OLD.agenda, OLD.guests, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a meeting can only be withdrawn, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION committee_conclusion_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1
       OR (NEW.id, NEW.committee, NEW.meeting, NEW.what, NEW.unit, NEW.due, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.committee, OLD.meeting, OLD.what, OLD.unit, OLD.due, OLD.made_at)
    THEN
        RAISE EXCEPTION 'a change of a conclusion counts its version up and leaves what was concluded';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION committee_file_out_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
       OR (NEW.id, NEW.meeting, NEW.conclusion, NEW.kind, NEW.label, NEW.target, NEW.hash, NEW.content)
          IS DISTINCT FROM (OLD.id, OLD.meeting, OLD.conclusion, OLD.kind, OLD.label, OLD.target, OLD.hash, OLD.content)
    THEN
        RAISE EXCEPTION 'a file stays as it was given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_rules BEFORE UPDATE ON committee FOR EACH ROW EXECUTE FUNCTION committee_rules();
CREATE TRIGGER committee_refuse BEFORE DELETE ON committee FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_member_leaves BEFORE UPDATE ON committee_member FOR EACH ROW EXECUTE FUNCTION committee_member_leaves();
CREATE TRIGGER committee_member_refuse BEFORE DELETE ON committee_member FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_meeting_withdraw_only BEFORE UPDATE ON committee_meeting
    FOR EACH ROW EXECUTE FUNCTION committee_meeting_withdraw_only();
CREATE TRIGGER committee_meeting_refuse BEFORE DELETE ON committee_meeting FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_attendance_refuse BEFORE UPDATE OR DELETE ON committee_attendance
    FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_conclusion_rules BEFORE UPDATE ON committee_conclusion
    FOR EACH ROW EXECUTE FUNCTION committee_conclusion_rules();
CREATE TRIGGER committee_conclusion_refuse BEFORE DELETE ON committee_conclusion FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_file_out_only BEFORE UPDATE ON committee_file FOR EACH ROW EXECUTE FUNCTION committee_file_out_only();
CREATE TRIGGER committee_file_refuse BEFORE DELETE ON committee_file FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER committee_event_refuse BEFORE UPDATE OR DELETE ON committee_event FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON committee, committee_member, committee_meeting, committee_attendance, committee_conclusion, committee_file,
    committee_event TO ansinh_app;
GRANT UPDATE (name, decision, decided_on, version, changed_at) ON committee TO ansinh_app;
GRANT UPDATE (last_day) ON committee_member TO ansinh_app;
GRANT UPDATE (withdrawn_at, withdraw_reason) ON committee_meeting TO ansinh_app;
GRANT UPDATE (state, done, version, changed_by, changed_at) ON committee_conclusion TO ansinh_app;
GRANT UPDATE (removed_at) ON committee_file TO ansinh_app;

-- Whether a body is one's own to write: the city's is that of who works for the whole city, a team that of its commune's staff.
CREATE FUNCTION committee_own(commune TEXT) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN commune IS NULL
        THEN current_setting('app.role', true) IN ('city_officer', 'system') AND current_setting('app.scope', true) = 'city'
        ELSE current_setting('app.role', true) IN ('commune_staff', 'system')
             AND (current_setting('app.scope', true) = 'city'
                  OR position(',' || commune || ',' IN current_setting('app.scope', true)) > 0)
        END
$$;

-- Bodies are read by everybody who is somebody: what they hold are offices, meetings and conclusions. They are written by their own people;
-- a conclusion also by the unit that leads it.
ALTER TABLE committee ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_read ON committee FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_add ON committee FOR INSERT
    WITH CHECK (committee_own(commune) AND (SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_change ON committee FOR UPDATE
    USING (committee_own(commune) AND (SELECT current_setting('app.actor', true)) <> '');
ALTER TABLE committee_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_member FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_member_read ON committee_member FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_member_add ON committee_member FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
CREATE POLICY committee_member_change ON committee_member FOR UPDATE
    USING (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
ALTER TABLE committee_meeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_meeting FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_meeting_read ON committee_meeting FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_meeting_add ON committee_meeting FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
CREATE POLICY committee_meeting_change ON committee_meeting FOR UPDATE
    USING (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
ALTER TABLE committee_attendance ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_attendance FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_attendance_read ON committee_attendance FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_attendance_add ON committee_attendance FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM committee_meeting m JOIN committee b ON b.id = m.committee
                        WHERE m.id = meeting AND committee_own(b.commune)));
ALTER TABLE committee_conclusion ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_conclusion FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_conclusion_read ON committee_conclusion FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_conclusion_add ON committee_conclusion FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
CREATE POLICY committee_conclusion_change ON committee_conclusion FOR UPDATE
    USING (unit = (SELECT current_setting('app.unit', true))
           OR EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune)));
ALTER TABLE committee_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_file FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_file_read ON committee_file FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_file_add ON committee_file FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune))
                OR EXISTS (SELECT 1 FROM committee_conclusion c WHERE c.id = conclusion
                           AND c.unit = (SELECT current_setting('app.unit', true))));
CREATE POLICY committee_file_change ON committee_file FOR UPDATE
    USING (EXISTS (SELECT 1 FROM committee b WHERE b.id = committee AND committee_own(b.commune))
           OR EXISTS (SELECT 1 FROM committee_conclusion c WHERE c.id = conclusion
                      AND c.unit = (SELECT current_setting('app.unit', true))));
ALTER TABLE committee_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE committee_event FORCE ROW LEVEL SECURITY;
CREATE POLICY committee_event_read ON committee_event FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY committee_event_add ON committee_event FOR INSERT
    WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');
