CREATE FUNCTION donor_fund_close_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_on IS NOT NULL OR NEW.closed_on IS NULL
       OR (NEW.id, NEW.unit, NEW.commune, NEW.name, NEW.donor, NEW.donor_kind, NEW.anonymous, NEW.scheme, NEW.communes, NEW.reasons,
           NEW.months, NEW.most, NEW.pledged, NEW.first_day, NEW.last_day)
          IS DISTINCT FROM
          (OLD.id, OLD.unit, OLD.commune, OLD.name, OLD.donor, OLD.donor_kind, OLD.anonymous, OLD.scheme, OLD.communes, OLD.reasons,
           OLD.months, OLD.most, OLD.pledged, OLD.first_day, OLD.last_day)
    THEN
        RAISE EXCEPTION 'a fund can only be closed, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION donor_receipt_cancel_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
       OR (NEW.id, NEW.fund, NEW.dong, NEW.number, NEW.day) IS DISTINCT FROM (OLD.id, OLD.fund, OLD.dong, OLD.number, OLD.day)
    THEN
        RAISE EXCEPTION 'a receipt can only be cancelled, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION donor_choice_drop_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL
       OR (NEW.id, NEW.fund, NEW.person, NEW.commune, NEW.reason, NEW.scheme, NEW.first_month, NEW.months)
          IS DISTINCT FROM (OLD.id, OLD.fund, OLD.person, OLD.commune, OLD.reason, OLD.scheme, OLD.first_month, OLD.months)
    THEN
        RAISE EXCEPTION 'a choice can only be dropped, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION donor_month_drop_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.dropped_at IS NOT NULL OR NEW.dropped_at IS NULL
       OR (NEW.choice, NEW.person, NEW.scheme, NEW.month) IS DISTINCT FROM (OLD.choice, OLD.person, OLD.scheme, OLD.month)
    THEN
        RAISE EXCEPTION 'a month of a choice can only be dropped, once';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION donor_payment_cancel_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
       OR (NEW.id, NEW.choice, NEW.fund, NEW.commune, NEW.dong, NEW.first_month, NEW.months, NEW.number, NEW.day)
          IS DISTINCT FROM (OLD.id, OLD.choice, OLD.fund, OLD.commune, OLD.dong, OLD.first_month, OLD.months, OLD.number, OLD.day)
    THEN
        RAISE EXCEPTION 'a payment can only be cancelled, once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donor_fund_close_only BEFORE UPDATE ON donor_fund FOR EACH ROW EXECUTE FUNCTION donor_fund_close_only();
CREATE TRIGGER donor_fund_refuse BEFORE DELETE ON donor_fund FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_receipt_cancel_only BEFORE UPDATE ON donor_receipt FOR EACH ROW EXECUTE FUNCTION donor_receipt_cancel_only();
CREATE TRIGGER donor_receipt_refuse BEFORE DELETE ON donor_receipt FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_choice_drop_only BEFORE UPDATE ON donor_choice FOR EACH ROW EXECUTE FUNCTION donor_choice_drop_only();
CREATE TRIGGER donor_choice_refuse BEFORE DELETE ON donor_choice FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_month_drop_only BEFORE UPDATE ON donor_month FOR EACH ROW EXECUTE FUNCTION donor_month_drop_only();
CREATE TRIGGER donor_month_refuse BEFORE DELETE ON donor_month FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER donor_payment_cancel_only BEFORE UPDATE ON donor_payment FOR EACH ROW EXECUTE FUNCTION donor_payment_cancel_only();
CREATE TRIGGER donor_payment_refuse BEFORE DELETE ON donor_payment FOR EACH ROW EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON donor_fund, donor_receipt, donor_choice, donor_month, donor_payment TO ansinh_app;
GRANT UPDATE (closed_on, close_reason) ON donor_fund TO ansinh_app;
GRANT UPDATE (cancelled_at, cancelled_by, cancel_reason) ON donor_receipt, donor_payment TO ansinh_app;
GRANT UPDATE (dropped_at, dropped_by, drop_reason) ON donor_choice TO ansinh_app;
GRANT UPDATE (dropped_at) ON donor_month TO ansinh_app;

-- Funds and money are read by everybody who is somebody and written by the unit that keeps them; people who were chosen by who works with
-- people of their commune.
ALTER TABLE donor_fund ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_fund FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_fund_read ON donor_fund FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY donor_fund_add ON donor_fund FOR INSERT WITH CHECK (unit = (SELECT current_setting('app.unit', true)));
CREATE POLICY donor_fund_change ON donor_fund FOR UPDATE USING (unit = (SELECT current_setting('app.unit', true)));
ALTER TABLE donor_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_receipt FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_receipt_read ON donor_receipt FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY donor_receipt_add ON donor_receipt FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM donor_fund f WHERE f.id = fund AND f.unit = (SELECT current_setting('app.unit', true))));
CREATE POLICY donor_receipt_change ON donor_receipt FOR UPDATE
    USING (EXISTS (SELECT 1 FROM donor_fund f WHERE f.id = fund AND f.unit = (SELECT current_setting('app.unit', true))));
ALTER TABLE donor_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_choice FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_choice_area ON donor_choice
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'commune_staff', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
ALTER TABLE donor_month ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_month FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_month_area ON donor_month
    USING ((SELECT current_setting('app.role', true)) IN ('city_officer', 'base_officer', 'commune_staff', 'system')
           AND ((SELECT current_setting('app.scope', true)) = 'city'
                OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0));
ALTER TABLE donor_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE donor_payment FORCE ROW LEVEL SECURITY;
CREATE POLICY donor_payment_read ON donor_payment FOR SELECT USING ((SELECT current_setting('app.actor', true)) <> '');
CREATE POLICY donor_payment_add ON donor_payment FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM donor_choice c WHERE c.id = choice));
CREATE POLICY donor_payment_change ON donor_payment FOR UPDATE USING (EXISTS (SELECT 1 FROM donor_choice c WHERE c.id = choice));
